import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../failure.ts';

const GIVE_UP_AFTER_MS = 10_000;

/** A process as we remember it: its start time tells it from a later one with the same number. */
interface Remembered {
  readonly name: string;
  readonly pid: number;
  readonly started: string;
}

const startTimeOf = (pid: number): string | undefined => {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || undefined;
  } catch {
    return undefined;
  }
};

const alive = (process: Remembered): boolean => startTimeOf(process.pid) === process.started;

/**
 * The processes of one data directory, remembered on disk, so that a start after `kill -9` of the supervisor ends
 * what was left behind, and two supervisors never share a directory.
 */
export class Leftovers {
  private readonly file: string;

  constructor(dataDir: string) {
    this.file = join(dataDir, 'processes.json');
  }

  /** @throws Failure when another supervisor is at work here */
  async clear(): Promise<void> {
    const before = this.read();
    const supervisor = before.find((process) => process.name === 'supervisor');
    if (supervisor && alive(supervisor)) {
      throw new Failure(
        `A platform is already running on this data directory (process ${supervisor.pid}).`,
        'Stop it with Ctrl-C in its terminal, or start a second one beside it with another --data-dir.',
      );
    }
    await Promise.all(before.filter(alive).map((process) => this.end(process)));
  }

  remember(processes: readonly { name: string; pid: number }[]): void {
    const remembered = [{ name: 'supervisor', pid: process.pid }, ...processes].flatMap(({ name, pid }) => {
      const started = startTimeOf(pid);
      return started ? [{ name, pid, started }] : [];
    });
    writeFileSync(this.file, JSON.stringify(remembered), { mode: 0o600 });
  }

  forget(): void {
    rmSync(this.file, { force: true });
  }

  private read(): Remembered[] {
    if (!existsSync(this.file)) return [];
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as Remembered[];
    } catch {
      // Written half when the machine went down: whatever it named is gone with the machine.
      return [];
    }
  }

  private async end(left: Remembered): Promise<void> {
    process.kill(left.pid, 'SIGTERM');
    const untilMs = performance.now() + GIVE_UP_AFTER_MS;
    while (alive(left)) {
      if (performance.now() > untilMs) process.kill(left.pid, 'SIGKILL');
      await wait(100);
    }
  }
}

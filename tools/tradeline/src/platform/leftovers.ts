import {
  identityOf,
  isRunning,
  LockHeld,
  takeLock,
  terminate,
  type ProcessIdentity,
} from '@tradeline/embedded-servers';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { writeWhole } from './write-whole.ts';

type Remembered = ProcessIdentity & { readonly name: string };

/**
 * The processes of one data directory, remembered on disk, so that a start after `kill -9` of the supervisor ends
 * what was left behind, and two supervisors never share a directory.
 */
export class Leftovers {
  private readonly dataDir: string;
  private readonly file: string;
  private release: (() => void) | undefined;

  constructor(dataDir: string) {
    this.dataDir = dataDir;
    this.file = join(dataDir, 'processes.json');
  }

  /** Takes the data directory for this process and ends what a killed one left. @throws Failure when another is at work here */
  async takeOver(): Promise<void> {
    try {
      this.release = await takeLock(join(this.dataDir, 'supervisor.lock'));
    } catch (error) {
      if (!(error instanceof LockHeld)) throw error;
      throw new Failure(
        `A platform is already running on this data directory (process ${error.pid}).`,
        'Stop it with Ctrl-C in its terminal, or start a second one beside it with another --data-dir.',
      );
    }
    await Promise.all(
      this.read()
        .filter(isRunning)
        .map((process) => terminate(process, 'SIGTERM')),
    );
  }

  /** Whether the data directory is ours: nobody else's may be touched. */
  get isOurs(): boolean {
    return this.release !== undefined;
  }

  remember(processes: readonly { name: string; pid: number }[]): void {
    const remembered = processes.flatMap(({ name, pid }): Remembered[] => {
      const identity = identityOf(pid);
      return identity ? [{ name, ...identity }] : [];
    });
    writeWhole(this.file, JSON.stringify(remembered));
  }

  /** Leaves the data directory to whoever comes next; nothing of ours runs any more. */
  leave(): void {
    rmSync(this.file, { force: true });
    this.release?.();
    this.release = undefined;
  }

  private read(): Remembered[] {
    if (!existsSync(this.file)) return [];
    try {
      return JSON.parse(readFileSync(this.file, 'utf8')) as Remembered[];
    } catch {
      // Damaged when the machine went down: whatever it named is gone with the machine.
      return [];
    }
  }
}

import { identityOf, isRunning, terminate, type ProcessIdentity } from '@tradeline/embedded-servers';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';

type Remembered = ProcessIdentity & { readonly name: string };

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
    if (supervisor && isRunning(supervisor)) {
      throw new Failure(
        `A platform is already running on this data directory (process ${supervisor.pid}).`,
        'Stop it with Ctrl-C in its terminal, or start a second one beside it with another --data-dir.',
      );
    }
    await Promise.all(before.filter(isRunning).map((process) => terminate(process, 'SIGTERM')));
  }

  remember(processes: readonly { name: string; pid: number }[]): void {
    const remembered = [{ name: 'supervisor', pid: process.pid }, ...processes].flatMap(({ name, pid }): Remembered[] => {
      const identity = identityOf(pid);
      return identity ? [{ name, ...identity }] : [];
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
}

import { readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startTimeOf } from '../process-identity.ts';

const PATIENCE_MS = 10_000;

/**
 * Clears the way after a postmaster was killed. PostgreSQL refuses to start while the process that its lock file names
 * exists, and a dead process that nobody reaps (in a container, often nobody does) exists for good. The file goes when
 * that process is dead and none of its children, which work in the data folder, writes there any more.
 */
export async function clearLeftovers(data: string): Promise<void> {
  const lockFile = path.join(data, 'postmaster.pid');
  const pid = pidIn(lockFile);
  if (process.platform !== 'linux' || pid === undefined || startTimeOf(pid) !== undefined) return;
  const end = performance.now() + PATIENCE_MS;
  while (processesIn(data) > 0) {
    if (performance.now() > end) return; // then PostgreSQL itself says what is in its way
    await delay(20);
  }
  rmSync(lockFile, { force: true });
}

function pidIn(lockFile: string): number | undefined {
  try {
    return Number(readFileSync(lockFile, 'utf8').split('\n')[0]);
  } catch {
    return undefined;
  }
}

function processesIn(folder: string): number {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && workingFolder(name) === folder).length;
}

function workingFolder(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined; // ended, or another user's
  }
}

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf, isRunning } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** Who holds a lock that was wanted. */
export class LockHeld extends Error {
  readonly pid: number;
  constructor(path: string, pid: number) {
    super(`${path} is held by process ${pid}`);
    this.pid = pid;
  }
}

/**
 * Takes a lock for this process and returns what releases it. A lock whose holder died is free.
 * @throws LockHeld when another process has it for longer than `waitMs`
 */
export async function takeLock(path: string, waitMs = 0): Promise<() => void> {
  const end = performance.now() + waitMs;
  for (;;) {
    if (claim(path)) return () => rmSync(path, { force: true });
    const holder = holderOf(path);
    if (holder && isRunning(holder)) {
      if (performance.now() > end) throw new LockHeld(path, holder.pid);
      await delay(50);
    } else if (holder) {
      discard(path, holder);
    }
  }
}

/** The file appears with its content in one step, so nobody reads it half-written. */
function claim(path: string): boolean {
  const own = `${path}.${randomUUID()}`;
  writeFileSync(own, JSON.stringify(identityOf(process.pid)), { mode: 0o600 });
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

function holderOf(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Removes a dead holder's file; should somebody else have taken the lock meanwhile, gives it back. */
function discard(path: string, dead: ProcessIdentity): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // another process was faster
  }
  const moved = JSON.parse(readFileSync(aside, 'utf8')) as ProcessIdentity;
  if (moved.pid !== dead.pid || moved.startTime !== dead.startTime) {
    try {
      linkSync(aside, path);
    } catch {
      // taken once more: that holder is as good
    }
  }
  rmSync(aside, { force: true });
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LockHeld, takeLock } from './file-lock.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lock-'));
  file = path.join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a lock', () => {
  it('is held until it is released', async () => {
    const release = await takeLock(file);
    await expect(takeLock(file)).rejects.toThrow(LockHeld);
    release();
    (await takeLock(file))();
  });

  it('is handed on to who waits', async () => {
    const release = await takeLock(file);
    const waiting = takeLock(file, 5_000);
    release();
    (await waiting)();
  });

  it('of a process that died is free', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(file, JSON.stringify({ pid, startTime: '1' }));
    (await takeLock(file))();
  });

  it('goes to one of many that find it free at once', async () => {
    writeFileSync(file, JSON.stringify({ pid: process.pid, startTime: 'before this process' }));
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(file)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

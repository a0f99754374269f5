import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { passwordFileLine } from '../src/database/prisma-deploy.js';
import { targetOf, withClient } from '../src/database/target.js';
import type { Target } from '../src/database/target.js';
import { freshDatabase } from './fresh-database.js';

const run = promisify(execFile);
const ENGINE = fileURLToPath(
  new URL('../../../tools/prisma-schema-engine/schema-engine.mjs', import.meta.url),
);
const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

/** Random, and the same in every run: a failure can be looked at. */
function* randomPasswords(count: number): Generator<string> {
  let state = 20_261_122;
  const next = (below: number) => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) % below;
  for (let made = 0; made < count; made += 1) {
    yield Array.from({ length: 1 + next(24) }, () => PRINTABLE[next(PRINTABLE.length)]).join('');
  }
}

const folder = mkdtempSync(path.join(tmpdir(), 'passwords-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Signs in as the schema engine does when Prisma starts it. */
async function engineSignsIn({ url, password }: Target): Promise<void> {
  const file = path.join(folder, 'password');
  writeFileSync(file, passwordFileLine(password), { mode: 0o600 });
  const args = [ENGINE, '--datasource', JSON.stringify({ url }), 'cli', 'can-connect-to-database'];
  await run(process.execPath, args, { env: { PATH: process.env.PATH, PGPASSFILE: file } });
}

describe('a password of any printable characters', () => {
  const everyCharacter = [PRINTABLE.join(''), [...PRINTABLE].reverse().join('')];
  const awkward = [
    '\\',
    ':',
    '\\:',
    'a\\',
    ' leading and trailing ',
    '%2F',
    '%',
    '#',
    '?a=b&c',
    '@host/db',
    "'",
    '"',
  ];

  it('signs the migrator in, given apart or within a URL', async () => {
    for (const password of [...everyCharacter, ...awkward, ...randomPasswords(20)]) {
      const database = await freshDatabase(password);
      try {
        const { domain, url } = database.target;
        const within = url.replace('@', () => `:${encodeURIComponent(password)}@`);
        for (const target of [database.target, targetOf(domain, within)]) {
          await expect(withClient(target, async () => 'in')).resolves.toBe('in');
        }
      } finally {
        await database.drop();
      }
    }
  }, 60_000);

  it('reaches the schema engine by a file', async () => {
    for (const password of [...everyCharacter, ...awkward, ...randomPasswords(3)]) {
      const database = await freshDatabase(password);
      try {
        await engineSignsIn(database.target);
      } finally {
        await database.drop();
      }
    }
  }, 120_000);

  it('is what the schema engine signs in with: another one is refused', async () => {
    const database = await freshDatabase('right');
    try {
      await expect(engineSignsIn({ ...database.target, password: 'wrong' })).rejects.toThrow('P1000');
    } finally {
      await database.drop();
    }
  });
});

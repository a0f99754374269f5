import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  appendFileSync,
  writeFileSync,
  mkdirSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { EXIT } from '../src/domain/failures.js';
import { migrateDatabases } from '../src/features/migrate-databases/migrate-databases.js';
import { freshDatabase } from './fresh-database.js';
import type { FreshDatabase } from './fresh-database.js';

const LEADS_APP = fileURLToPath(new URL('../../lead-qualifier', import.meta.url));
/** Every printable ASCII character, the awkward ones first and last. */
const PASSWORD = `:\\/@ ${Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('')} %\\:`;
const WITHIN_MS = 60_000;

const clock = { nowMs: () => performance.now(), pause: (ms: number) => pause(ms), random: Math.random };
const backOff = { firstMs: 20, longestMs: 100, withinMs: 1_000 };

let database: FreshDatabase;
let lines: string[];
const say = (line: string) => void lines.push(line);
const migrate = (appFolder = LEADS_APP, target = database.target) =>
  migrateDatabases([{ target, appFolder }], { say, clock, backOff });

beforeEach(async () => {
  lines = [];
  database = await freshDatabase(PASSWORD);
});
afterEach(() => database.drop());

describe('the migrator', () => {
  it(
    'applies what is missing, and finds nothing to do the second time',
    async () => {
      await migrate();
      expect(lines[0]).toMatch(/^leads: applied \d{14}_/);
      const tables = await database.ask(`SELECT 1 FROM pg_tables WHERE tablename = 'leads'`);
      expect(tables).toHaveLength(1);
      await migrate();
      expect(lines[1]).toMatch(/^leads: up to date/);
    },
    WITHIN_MS,
  );

  it(
    'refuses to run twice at once',
    async () => {
      const [one, other] = await Promise.allSettled([migrate(), migrate()]);
      const refused = [one, other].filter((each) => each.status === 'rejected');
      expect(refused).toHaveLength(1);
      expect(refused[0]).toMatchObject({ reason: { exitStatus: EXIT.alreadyRunning } });
      await migrate(); // and the lock is free again
    },
    WITHIN_MS,
  );

  it(
    'shows its password in no process, neither among arguments nor in the environment',
    async () => {
      const seen: string[] = [];
      const watching = new AbortController();
      const watch = async () => {
        while (!watching.signal.aborted) {
          seen.push(...processTexts());
          await pause(5);
        }
      };
      const watched = watch();
      await migrate();
      watching.abort();
      await watched;
      const leaks = (text: string) =>
        [PASSWORD, encodeURIComponent(PASSWORD)].some((secret) => text.includes(secret));
      expect(seen.some((text) => text.includes('schema-engine'))).toBe(true);
      expect(seen.filter(leaks)).toEqual([]);
    },
    WITHIN_MS,
  );

  it('does not try again when the server refuses its password, and does not repeat it', async () => {
    const target = { ...database.target, password: 'not the one' };
    const attempt = migrate(LEADS_APP, target);
    await expect(attempt).rejects.toMatchObject({ exitStatus: EXIT.serverUnusable });
    await expect(attempt).rejects.not.toThrow(/not the one/);
  });

  it('says that it waits for a server that is not there, and gives up in the end', async () => {
    const target = { ...database.target, url: 'postgresql://owner@127.0.0.1:9/leads' };
    await expect(migrate(LEADS_APP, target)).rejects.toMatchObject({ exitStatus: EXIT.serverUnusable });
    expect(lines).toEqual(['leads: waiting for the server']);
  });
});

describe('a release with a fault', () => {
  let app: string;

  beforeEach(() => {
    const root = fileURLToPath(new URL('../../..', import.meta.url));
    const folder = path.join(root, '.data', 'tests'); // ignored by git, and below the root so that node_modules is found
    mkdirSync(folder, { recursive: true });
    app = mkdtempSync(path.join(folder, 'release-'));
    for (const name of ['prisma', 'prisma.config.ts'])
      cpSync(path.join(LEADS_APP, name), path.join(app, name), { recursive: true });
    const config = path.join(app, 'prisma.config.ts');
    writeFileSync(config, readFileSync(config, 'utf8').replaceAll('../../tools', '../../../tools'));
  });
  afterEach(() => rmSync(app, { recursive: true }));

  const addMigration = (name: string, sql: string) => {
    const folder = path.join(app, 'prisma', 'migrations', name);
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'migration.sql'), sql);
  };

  it(
    'is refused when a migration changed after it was applied',
    async () => {
      await migrate(app);
      const [first = ''] = readdirSync(path.join(app, 'prisma', 'migrations')).sort();
      appendFileSync(path.join(app, 'prisma', 'migrations', first, 'migration.sql'), '-- better\n');
      await expect(migrate(app)).rejects.toThrow(/changed after it was applied/);
    },
    WITHIN_MS,
  );

  it(
    'fails with what the script did wrong, and goes on failing until a person has looked',
    async () => {
      addMigration('29990101000000_broken', 'CREATE TABLE half (id int); SELECT no_such_column;');
      await expect(migrate(app)).rejects.toMatchObject({
        exitStatus: EXIT.migrationFailed,
        message: expect.stringContaining('no_such_column'),
      });
      await expect(migrate(app)).rejects.toThrow(/P3009/);
    },
    WITHIN_MS,
  );

  it(
    "runs a function's body whole, semicolons and all",
    async () => {
      addMigration(
        '29990101000000_function',
        `CREATE FUNCTION answer() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 42; END $$;`,
      );
      await migrate(app);
      expect(await database.ask('SELECT answer() AS answer')).toEqual([{ answer: 42 }]);
    },
    WITHIN_MS,
  );
});

/** Arguments and environment of every process of this machine that we may read, one text each. */
function processTexts(): string[] {
  const readable = (file: string) => {
    try {
      return [readFileSync(file, 'latin1')];
    } catch {
      return []; // it ended, or it is another user's
    }
  };
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => [...readable(`/proc/${pid}/cmdline`), ...readable(`/proc/${pid}/environ`)]);
}

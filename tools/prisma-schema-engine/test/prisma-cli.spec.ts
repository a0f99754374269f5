import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PrismaApp } from './prisma-app.ts';

/** Left by the set-up of the test run. */
const { url } = JSON.parse(process.env.TRADELINE_TEST_POSTGRES ?? '{}') as { url: string };
const INIT = '20260101000000_init';
const WITHIN_MS = 60_000;

let app: PrismaApp;
beforeEach(() => {
  app = new PrismaApp(url);
});
afterEach(() => app.remove());

describe('prisma migrate deploy', () => {
  it(
    "makes the database, applies what is missing with its script's SHA-256, and does nothing the second time",
    async () => {
      const sql = 'CREATE TABLE notes (id int PRIMARY KEY);';
      app.migration(INIT, sql);
      expect(await app.prisma(['migrate', 'deploy'])).toMatchObject({ status: 0 });
      // By the checksum the native engine can take over.
      const checksum = createHash('sha256').update(sql).digest('hex');
      expect(await app.query('SELECT checksum FROM _prisma_migrations')).toEqual([{ checksum }]);
      const second = await app.prisma(['migrate', 'deploy']);
      expect(second.output).toContain('No pending migrations to apply');
    },
    WITHIN_MS,
  );

  it(
    'sends a script whole: a $$ body keeps its semicolons',
    async () => {
      app.migration(
        INIT,
        `CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 'a;b'; END $$;`,
      );
      expect(await app.prisma(['migrate', 'deploy'])).toMatchObject({ status: 0 });
      expect(await app.query('SELECT f()')).toEqual([{ f: 'a;b' }]);
    },
    WITHIN_MS,
  );

  it(
    'lets one of two at once apply, in one session with its lock, and the other find nothing to do',
    async () => {
      app.migration(INIT, 'CREATE TABLE notes (id int PRIMARY KEY); SELECT pg_sleep(0.3);');
      await app.query(`CREATE DATABASE ${app.database}`, url);
      const ended = await Promise.all([app.prisma(['migrate', 'deploy']), app.prisma(['migrate', 'deploy'])]);
      expect(ended.map(({ status }) => status)).toEqual([0, 0]);
      expect(await app.query('SELECT migration_name FROM _prisma_migrations')).toEqual([
        { migration_name: INIT },
      ]);
    },
    WITHIN_MS,
  );

  it(
    'stops at a script that failed, and stays stopped',
    async () => {
      app.migration(INIT, 'SELECT no_such_column;');
      expect((await app.prisma(['migrate', 'deploy'])).output).toContain('no_such_column');
      expect((await app.prisma(['migrate', 'deploy'])).output).toContain('P3009');
    },
    WITHIN_MS,
  );

  it(
    'works in the schema that the URL names',
    async () => {
      app.migration(INIT, 'CREATE TABLE notes (id int PRIMARY KEY);');
      expect(await app.prisma(['migrate', 'deploy'], app.url('?schema=svc_a'))).toMatchObject({ status: 0 });
      expect(await app.query(`SELECT schemaname FROM pg_tables WHERE tablename = 'notes'`)).toEqual([
        { schemaname: 'svc_a' },
      ]);
    },
    WITHIN_MS,
  );

  it(
    'says in Prisma’s own codes that nobody answers, or that the password is wrong',
    async () => {
      expect((await app.prisma(['migrate', 'deploy'], 'postgresql://u:p@127.0.0.1:9/x')).output).toContain(
        'P1001',
      );
      const wrong = new URL(app.url());
      wrong.password = 'wrong';
      expect((await app.prisma(['migrate', 'deploy'], wrong.href)).output).toContain('P1000');
    },
    WITHIN_MS,
  );
});

describe('prisma migrate dev', () => {
  const dev = (...args: string[]) => app.prisma(['migrate', 'dev', '--name', 'next', ...args]);

  it(
    'writes a migration from the schema, by a shadow database that it removes',
    async () => {
      expect(await dev()).toMatchObject({ status: 0 });
      const [name = ''] = app.migrations();
      expect(app.script(name)).toContain('CREATE TABLE "notes"');
      expect(
        await app.query(`SELECT 1 FROM pg_database WHERE datname LIKE 'prisma_migrate_shadow_db_%'`),
      ).toEqual([]);
    },
    WITHIN_MS,
  );

  it(
    'warns of data that a migration would lose, and leaves the data alone',
    async () => {
      app.migration(INIT, 'CREATE TABLE notes (id int PRIMARY KEY, text text);');
      await app.prisma(['migrate', 'deploy']);
      await app.query(`INSERT INTO notes VALUES (1, 'kept')`);
      // Nobody is there to confirm, so Prisma warns and goes no further.
      expect((await dev('--create-only')).output).toMatch(
        /drop the column `text` on the `notes` table, which still contains 1/,
      );
      expect(await app.query('SELECT text FROM notes')).toEqual([{ text: 'kept' }]);
    },
    WITHIN_MS,
  );
});

describe('prisma', () => {
  it(
    'prints the difference between migrations and schema, and tells it by its status',
    async () => {
      app.migration(INIT, 'CREATE TABLE notes (id int PRIMARY KEY);');
      await app.prisma(['migrate', 'deploy']);
      const diff = [
        'migrate',
        'diff',
        '--from-config-datasource',
        '--to-schema',
        'schema.prisma',
        '--script',
        '--exit-code',
      ];
      expect(await app.prisma(diff)).toMatchObject({ status: 0 });
      app.schema('model notes {\n  id Int @id\n  text String?\n}');
      expect(await app.prisma(diff)).toMatchObject({
        status: 2,
        output: expect.stringContaining('ADD COLUMN'),
      });
    },
    WITHIN_MS,
  );

  it(
    "reads a database with its catalogue's own types",
    async () => {
      app.migration(
        INIT,
        `CREATE TABLE notes (id int PRIMARY KEY, kind "char", text text DEFAULT 'x'); CREATE INDEX ON notes (text);`,
      );
      await app.prisma(['migrate', 'deploy']);
      expect(await app.prisma(['db', 'pull', '--print'])).toMatchObject({
        status: 0,
        output: expect.stringContaining('model notes'),
      });
    },
    WITHIN_MS,
  );

  it(
    'generates a client without a database',
    async () => {
      expect(await app.prisma(['generate'], '')).toMatchObject({ status: 0 });
    },
    WITHIN_MS,
  );
});

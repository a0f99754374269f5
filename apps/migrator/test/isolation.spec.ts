import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { testDatabase } from '@tradeline/testing';
import type { TestDatabase } from '@tradeline/testing';
import { DOMAINS } from '../src/domain/domains.js';
import { catalogueFaults } from './isolation/catalogue-faults.js';
import { tablesOf, withClients } from './isolation/connection.js';
import { tenantLeaks } from './isolation/tenant-leaks.js';
import { fillWithTwoTenants } from './isolation/two-tenants.js';

/** Each table is opened in turn and all are looked at each time; on a busy machine that takes a while. */
const WITHIN_MS = 60_000;

describe.each(DOMAINS.map(({ name }) => name))('the database %s', (domain) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await testDatabase(domain);
    await withClients([database.adminUrl], (admin) => fillWithTwoTenants(admin));
  });
  afterAll(() => database?.drop());

  const leaks = () =>
    withClients([database.adminUrl, database.serviceUrl], (admin, service) => tenantLeaks(admin, service));
  const faults = () => withClients([database.adminUrl], (admin) => catalogueFaults(admin, domain));
  const execute = (...statements: string[]) =>
    withClients([database.adminUrl], async (admin) => {
      for (const statement of statements) await admin.query(statement);
    });
  const readableTables = () =>
    withClients([database.adminUrl], async (admin) => {
      const readable = await admin.query<{ relname: string }>(
        `SELECT relname FROM pg_class WHERE relname = ANY ($1) AND has_table_privilege($2, oid, 'SELECT')`,
        [await tablesOf(admin), `${domain}_service`],
      );
      return readable.rows.map(({ relname }) => relname);
    });

  it('shows a service the rows of the tenant that it names, and nobody else’s', async () => {
    expect(await leaks()).toEqual([]);
  });

  it('holds every table to the rules of isolation', async () => {
    expect(await faults()).toEqual([]);
  });

  it(
    'is found out when a policy lets everything through',
    async () => {
      for (const table of await readableTables()) {
        const using = await withClients([database.adminUrl], async (admin) => {
          const { rows } = await admin.query<{ qual: string }>(
            `SELECT qual FROM pg_policies WHERE tablename = $1 AND policyname = 'tenant_isolation'`,
            [table],
          );
          return rows[0]?.qual;
        });
        await execute(`ALTER POLICY tenant_isolation ON "${table}" USING (true)`);
        expect(await leaks()).toContain(`${table}: tn_one sees rows of tn_one and tn_two`);
        expect(await faults()).toContain(`${table} lets ${domain}_service past the tenant: tenant_isolation`);
        await execute(`ALTER POLICY tenant_isolation ON "${table}" USING (${using})`);
      }
      expect(await leaks()).toEqual([]);
    },
    WITHIN_MS,
  );

  it(
    'is found out when a table has no row-level security',
    async () => {
      for (const table of await readableTables()) {
        await execute(`ALTER TABLE "${table}" DISABLE ROW LEVEL SECURITY`);
        expect(await leaks()).toContain(`${table}: who names no tenant sees rows of tn_one and tn_two`);
        expect(await faults()).toContain(`${table} does not enable and force row-level security`);
        await execute(`ALTER TABLE "${table}" ENABLE ROW LEVEL SECURITY`);
      }
      expect(await leaks()).toEqual([]);
    },
    WITHIN_MS,
  );

  it('is found out when a table proves nothing, for want of rows', async () => {
    const [table = ''] = await readableTables();
    await execute(
      `CREATE TABLE kept AS SELECT * FROM "${table}"`,
      `DELETE FROM "${table}" WHERE tenant_id = 'tn_two'`,
    );
    expect(await leaks()).toContain(`${table} does not hold rows of both tenants`);
    await execute(`INSERT INTO "${table}" SELECT * FROM kept WHERE tenant_id = 'tn_two'`, 'DROP TABLE kept');
  });

  describe('is found out when a table', () => {
    beforeEach(() =>
      execute(
        'CREATE TABLE well_kept (tenant_id text NOT NULL)',
        `ALTER TABLE well_kept OWNER TO ${domain}_owner`,
        'ALTER TABLE well_kept ENABLE ROW LEVEL SECURITY',
        'ALTER TABLE well_kept FORCE ROW LEVEL SECURITY',
        `CREATE POLICY own ON well_kept TO ${domain}_service USING (tenant_id = nullif(current_setting('app.tenant_id', true), ''))`,
        `CREATE POLICY owner_may_migrate ON well_kept TO ${domain}_owner USING (true) WITH CHECK (true)`,
      ),
    );
    afterEach(() => execute('DROP TABLE well_kept CASCADE', 'DROP FUNCTION IF EXISTS peek'));

    it.each([
      [
        'has no tenant',
        'ALTER TABLE well_kept ALTER tenant_id DROP NOT NULL',
        'well_kept has no tenant_id text NOT NULL',
      ],
      ['is the administrator’s', 'ALTER TABLE well_kept OWNER TO postgres', 'well_kept belongs to postgres'],
      [
        'does not hold its owner to the rules',
        'ALTER TABLE well_kept NO FORCE ROW LEVEL SECURITY',
        'well_kept does not enable and force row-level security',
      ],
      [
        'lacks a policy',
        'DROP POLICY owner_may_migrate ON well_kept',
        `well_kept has no policy for ${domain}_owner`,
      ],
      [
        'has a policy for everybody',
        'CREATE POLICY all_in ON well_kept USING (true)',
        'well_kept has a policy for everybody: all_in',
      ],
      ['is open to everybody', 'GRANT SELECT ON well_kept TO PUBLIC', 'well_kept is open to everybody'],
      [
        'is the relay’s to read',
        `GRANT SELECT (tenant_id) ON well_kept TO ${domain}_relay`,
        `well_kept is open to ${domain}_relay`,
      ],
      [
        'is seen by a view with other rights',
        'CREATE VIEW window_on AS SELECT * FROM well_kept',
        `window_on is a view with its owner's rights`,
      ],
      [
        'is read by a function with other rights',
        `CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM well_kept'`,
        `peek acts with its owner's rights`,
      ],
    ])('%s', async (_, damage, fault) => {
      expect(await faults()).toEqual([]);
      await execute(damage);
      expect(await faults()).toContain(fault);
    });
  });
});

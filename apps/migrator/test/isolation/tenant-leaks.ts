import type pg from 'pg';
import { tablesOf } from './connection.js';
import { TENANTS } from './two-tenants.js';

/**
 * How tenants' rows can be seen or reached by the wrong one, signed in as the service: a sentence each, none when
 * isolation holds. Every table must hold rows of both tenants, or nothing would be proved.
 */
export async function tenantLeaks(admin: pg.Client, service: pg.Client): Promise<string[]> {
  const leaks: string[] = [];
  for (const table of await tablesOf(admin)) {
    const present = await tenantsIn(admin, table);
    if (TENANTS.some((tenant) => !present.includes(tenant)))
      leaks.push(`${table} does not hold rows of both tenants`);
    leaks.push(...(await readLeaks(service, table)), ...(await writeLeaks(service, table)));
  }
  return leaks;
}

async function readLeaks(service: pg.Client, table: string): Promise<string[]> {
  if (!(await may(service, table, 'SELECT'))) return [];
  const leaks: string[] = [];
  for (const tenant of TENANTS) {
    const seen = await asTenant(service, tenant, () => tenantsIn(service, table));
    if (seen.join() !== tenant)
      leaks.push(`${table}: ${tenant} sees rows of ${seen.join(' and ') || 'nobody'}`);
  }
  for (const nobody of [undefined, '']) {
    const seen = await asTenant(service, nobody, () => tenantsIn(service, table));
    if (seen.length > 0) leaks.push(`${table}: who names no tenant sees rows of ${seen.join(' and ')}`);
  }
  return leaks;
}

async function writeLeaks(service: pg.Client, table: string): Promise<string[]> {
  const [own, foreign] = TENANTS;
  const attempts = {
    DELETE: `DELETE FROM "${table}" WHERE tenant_id = '${foreign}'`,
    UPDATE: `UPDATE "${table}" SET tenant_id = '${foreign}'`,
  };
  const leaks: string[] = [];
  for (const [privilege, sql] of Object.entries(attempts)) {
    if (!(await may(service, table, privilege)) || !(await may(service, table, 'SELECT'))) continue;
    const changed = await asTenant(service, own, () => changedBy(service, sql));
    if (changed > 0) leaks.push(`${table}: ${own} can ${privilege} into ${foreign}`);
  }
  return leaks;
}

/** How many rows a statement changes; a refusal by row-level security changes none. */
async function changedBy(service: pg.Client, sql: string): Promise<number> {
  try {
    return (await service.query(sql)).rowCount ?? 0;
  } catch (error) {
    if ((error as { code?: string }).code === '42501') return 0;
    throw error;
  }
}

/** In a transaction that names the tenant as the services do, and that leaves nothing behind. */
async function asTenant<T>(
  service: pg.Client,
  tenant: string | undefined,
  use: () => Promise<T>,
): Promise<T> {
  await service.query('BEGIN');
  try {
    if (tenant !== undefined) await service.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenant]);
    return await use();
  } finally {
    await service.query('ROLLBACK');
  }
}

/** A raw query without WHERE: nothing but the database's own policy stands between it and all rows. */
async function tenantsIn(client: pg.Client, table: string): Promise<string[]> {
  const { rows } = await client.query<{ tenant_id: string }>(`SELECT tenant_id FROM "${table}"`);
  return [...new Set(rows.map((row) => row.tenant_id))].sort();
}

async function may(service: pg.Client, table: string, privilege: string): Promise<boolean> {
  const { rows } = await service.query<{ may: boolean }>('SELECT has_table_privilege($1, $2) AS may', [
    `public."${table}"`,
    privilege,
  ]);
  return rows[0]?.may === true;
}

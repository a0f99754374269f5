import type pg from 'pg';
import { tablesOf } from './connection.js';

export const TENANTS = ['tn_one', 'tn_two'] as const;

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[] | null;
}

/** An SQL expression with a value for each type that a column of ours has; random, so that unique keys hold. */
const VALUES: Readonly<Record<string, string>> = {
  text: 'gen_random_uuid()::text',
  varchar: 'gen_random_uuid()::text',
  uuid: 'gen_random_uuid()',
  bytea: `decode(md5(random()::text), 'hex')`,
  bool: 'false',
  int2: '(random() * 30000)::int2',
  int4: '(random() * 2000000000)::int4',
  int8: '(random() * 2000000000)::int8',
  float8: 'random()',
  numeric: 'random()::numeric',
  timestamptz: 'now()',
  date: 'current_date',
  interval: `'1 hour'::interval`,
  json: `'{}'::json`,
  jsonb: `'{}'::jsonb`,
};

/**
 * Puts a row of each tenant into every table, whatever its columns mean: checks and references are lifted first, as
 * isolation must not depend on them. To be run as an administrator in a database of the test's own.
 */
export async function fillWithTwoTenants(admin: pg.Client): Promise<void> {
  await admin.query('SET session_replication_role = replica');
  const columns = await requiredColumns(admin);
  for (const table of await tablesOf(admin)) {
    await liftChecks(admin, table);
    const own = columns.filter((column) => column.table === table && column.name !== 'tenant_id');
    const names = ['tenant_id', ...own.map(({ name }) => `"${name}"`)].join(', ');
    for (const tenant of TENANTS) {
      await admin.query(
        `INSERT INTO "${table}" (${names}) VALUES (${[`'${tenant}'`, ...own.map(valueFor)].join(', ')})`,
      );
    }
  }
}

function valueFor({ table, name, type, labels }: Column): string {
  if (labels) return `'${labels[0]}'`;
  const value = type.startsWith('_') ? `'{}'` : VALUES[type];
  if (!value)
    throw new Error(`no value is known for ${table}.${name} of type ${type}: add the type to VALUES`);
  return value;
}

async function requiredColumns(admin: pg.Client): Promise<Column[]> {
  const { rows } = await admin.query<Column>(
    `SELECT c.relname AS "table", a.attname AS name, t.typname AS type,
            (SELECT array_agg(e.enumlabel::text) FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
       AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AND a.attgenerated = ''`,
  );
  return rows;
}

async function liftChecks(admin: pg.Client, table: string): Promise<void> {
  const { rows } = await admin.query<{ conname: string }>(
    `SELECT conname FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'c'`,
    [`public."${table}"`],
  );
  for (const { conname } of rows) await admin.query(`ALTER TABLE "${table}" DROP CONSTRAINT "${conname}"`);
}

import type pg from 'pg';
import { TABLES_WITHOUT_TENANT } from './connection.js';

/** Where the relay role may look across tenants, and nowhere else. */
const RELAY_TABLES = ['outbox_events', 'deliveries'];

/** Functions that act with their owner's rights, each with why it must. */
const SECURITY_DEFINERS: Readonly<Record<string, string>> = {
  find_api_key: 'an API key says whose it is, so its tenant cannot be named before',
};

/** Each query finds faults of one kind, in a column `fault`; $1 domain, $2 exempt tables, $3 relay's, $4 definers. */
const QUERIES: readonly string[] = [
  `SELECT relname || ' has no tenant_id text NOT NULL' AS fault FROM tables
   WHERE NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = tables.oid AND a.attname = 'tenant_id'
                     AND a.attnotnull AND a.atttypid = 'text'::regtype)`,
  `SELECT relname || ' does not enable and force row-level security' AS fault FROM tables
   WHERE NOT (relrowsecurity AND relforcerowsecurity)`,
  `SELECT relname || ' belongs to ' || relowner::regrole AS fault FROM tables WHERE relowner::regrole::text <> $1 || '_owner'`,
  `SELECT relname || ' has no policy for ' || role AS fault FROM tables, unnest(ARRAY[$1 || '_service', $1 || '_owner']) role
   WHERE NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = tables.oid AND role::regrole = ANY (p.polroles))`,
  `SELECT relname || ' has a policy for everybody: ' || polname AS fault FROM tables JOIN pg_policy ON polrelid = tables.oid
   WHERE 0::oid = ANY (polroles)`,
  `SELECT relname || ' lets ' || $1 || '_service past the tenant: ' || polname AS fault
   FROM tables JOIN pg_policy ON polrelid = tables.oid, unnest(ARRAY[pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)]) expression
   WHERE ($1 || '_service')::regrole = ANY (polroles) AND expression IS NOT NULL AND expression NOT LIKE '%app.tenant_id%'`,
  `SELECT relname || ' is open to everybody' AS fault FROM tables, aclexplode(relacl) WHERE grantee = 0`,
  `SELECT relname || ' is open to ' || $1 || '_relay' AS fault FROM tables
   WHERE has_any_column_privilege($1 || '_relay', oid, 'SELECT, INSERT, UPDATE') AND relname <> ALL ($3)`,
  `SELECT relname || ' is a view with its owner''s rights' AS fault FROM pg_class
   WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')
     AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)`,
  `SELECT proname || ' acts with its owner''s rights' AS fault FROM pg_proc
   WHERE pronamespace = 'public'::regnamespace AND prosecdef
     AND (proname <> ALL ($4) OR NOT coalesce(proconfig::text LIKE '%search_path%', false))`,
  `SELECT rolname || ' may do too much' AS fault FROM pg_roles
   WHERE rolname IN ($1 || '_service', $1 || '_relay', $1 || '_owner')
     AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)`,
  `SELECT member::regrole || ' is a member of ' || roleid::regrole AS fault FROM pg_auth_members
   WHERE member::regrole::text IN ($1 || '_service', $1 || '_relay')`,
  `SELECT role || ' may make tables' AS fault FROM unnest(ARRAY[$1 || '_service', $1 || '_relay']) role
   WHERE has_schema_privilege(role, 'public', 'CREATE')`,
];

// The parameters are named once, so that each query may use those that it needs.
const TABLES = `WITH given AS (SELECT $1::text, $2::text[], $3::text[], $4::text[]), tables AS (
  SELECT * FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> ALL ($2)) `;

/** What PostgreSQL's catalogue says against a domain's tables, functions and roles; nothing when all is right. */
export async function catalogueFaults(admin: pg.Client, domain: string): Promise<string[]> {
  const parameters = [
    domain,
    Object.keys(TABLES_WITHOUT_TENANT),
    RELAY_TABLES,
    Object.keys(SECURITY_DEFINERS),
  ];
  const faults: string[] = [];
  for (const query of QUERIES) {
    const { rows } = await admin.query<{ fault: string }>(TABLES + query, parameters);
    faults.push(...rows.map(({ fault }) => fault));
  }
  return faults;
}

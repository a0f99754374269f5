import { readFileSync } from 'node:fs';
import pg from 'pg';

/** One database per domain that stores anything. */
export const DATABASES = ['telephony', 'leads', 'notifications', 'metrics', 'tenants'] as const;
export type DatabaseName = (typeof DATABASES)[number];

const ROLES = ['owner', 'service', 'relay'] as const;
export type RoleKind = (typeof ROLES)[number];

/** How to sign in to one domain's database. The URLs carry passwords. */
export interface DatabaseAccess {
  readonly name: DatabaseName;
  /** For migrations alone. */
  readonly ownerUrl: string;
  /** For the service itself. */
  readonly serviceUrl: string;
  /** For what carries the outbox and owed deliveries on. */
  readonly relayUrl: string;
}

export type PasswordOf = (role: string) => string;

export function accessTo(name: DatabaseName, serverUrl: string, passwordOf: PasswordOf): DatabaseAccess {
  const urlFor = (kind: RoleKind) => {
    const url = new URL(serverUrl);
    url.username = `${name}_${kind}`;
    url.password = encodeURIComponent(passwordOf(`${name}_${kind}`));
    url.pathname = `/${name}`;
    return url.href;
  };
  return { name, ownerUrl: urlFor('owner'), serviceUrl: urlFor('service'), relayUrl: urlFor('relay') };
}

/** Makes what is missing of a domain's roles and database; safe to run again after it was interrupted. */
export async function createDomain(
  name: DatabaseName,
  adminUrl: string,
  passwordOf: PasswordOf,
): Promise<void> {
  const variables: Record<string, string> = { database: name };
  for (const kind of ROLES) {
    variables[kind] = `${name}_${kind}`;
    variables[`${kind}_password`] = passwordOf(`${name}_${kind}`);
  }
  await withClient(adminUrl, (client) => runScript(client, 'domain.sql', variables));
  const inside = new URL(adminUrl);
  inside.pathname = `/${name}`;
  await withClient(inside.href, (client) => runScript(client, 'schema.sql', variables));
}

/**
 * On a server that others run, a domain may be there already: from an earlier start of this installation, then our
 * passwords open it; or another's, which is not to be touched.
 */
export async function createDomainOnForeignServer(
  name: DatabaseName,
  adminUrl: string,
  passwordOf: PasswordOf,
): Promise<void> {
  try {
    await withClient(accessTo(name, adminUrl, passwordOf).serviceUrl, () => Promise.resolve());
    return;
  } catch (error) {
    if (!['28P01', '28000', '3D000'].includes((error as { code?: string }).code ?? '')) throw error;
  }
  const taken = await withClient(adminUrl, async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    return found.rowCount !== 0;
  });
  if (taken) {
    throw new Error(
      `the server of POSTGRES_URL has a database "${name}" that this data directory has no passwords for: ` +
        'use the data directory that made it, or another server',
    );
  }
  await createDomain(name, adminUrl, passwordOf);
}

export async function withClient<R>(url: string, use: (client: pg.Client) => Promise<R>): Promise<R> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined); // the query in hand reports it
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** duplicate_object and duplicate_database: made by an earlier start. */
const ALREADY_THERE = ['42710', '42P04'];

async function runScript(
  client: pg.Client,
  file: string,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  // The server writes a failing statement into its log, and ours carry passwords. A managed server's administrator
  // may not change this setting; there, nothing is lost but the precaution.
  await client.query('SET log_min_error_statement = panic').catch(() => undefined);
  const sql = readFileSync(new URL(`../../../../deploy/postgres/${file}`, import.meta.url), 'utf8');
  for (const statement of statementsOf(sql, variables)) {
    await client.query(statement).catch((error: { code?: string }) => {
      if (!ALREADY_THERE.includes(error.code ?? '')) throw error;
    });
  }
}

/** The statements of a script in psql's notation: `:"name"` is a quoted identifier, `:'name'` a quoted text. */
export function statementsOf(sql: string, variables: Readonly<Record<string, string>>): string[] {
  const valueOf = (name: string) => {
    const value = variables[name];
    if (value === undefined) throw new Error(`the script wants a variable "${name}"`);
    return value;
  };
  return sql
    .replace(/^--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter(Boolean)
    .map((statement) =>
      statement
        .replace(/:"(\w+)"/g, (_, name: string) => pg.escapeIdentifier(valueOf(name)))
        .replace(/:'(\w+)'/g, (_, name: string) => pg.escapeLiteral(valueOf(name))),
    );
}

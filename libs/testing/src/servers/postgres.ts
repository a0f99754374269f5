import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { applyMigrations } from './migrations.js';
import { POSTGRES_VARIABLE } from './server-tool.js';

interface TestPostgres {
  /** The administrator's, with the password. */
  readonly url: string;
  readonly databases: Readonly<Record<string, DatabaseUrls>>;
}

interface DatabaseUrls {
  readonly ownerUrl: string;
  readonly serviceUrl: string;
  readonly relayUrl: string;
}

/** A database of one domain, migrated and empty, for one suite. All URLs carry passwords. */
export interface TestDatabase {
  readonly name: string;
  /** Confined to one tenant at a time by row-level security. */
  readonly serviceUrl: string;
  /** Reads owed work of all tenants. */
  readonly relayUrl: string;
  /** Owns the tables. */
  readonly ownerUrl: string;
  /** Sees everything: row-level security does not hold an administrator. */
  readonly adminUrl: string;
  /** 32 random bytes in base64, as MASTER_KEY takes them. */
  readonly masterKey: string;
  drop(): Promise<void>;
}

function postgres(): TestPostgres {
  const described = process.env[POSTGRES_VARIABLE];
  if (!described)
    throw new Error('no Postgres: database tests lie in test/ and run in the project "service"');
  return JSON.parse(described) as TestPostgres;
}

/**
 * A fresh copy of a domain's migrated database ("leads", "telephony", ...). Copying a template takes a fraction of
 * the time of migrating, so every suite has its own.
 */
export async function testDatabase(domain: string): Promise<TestDatabase> {
  const server = postgres();
  const urls = server.databases[domain];
  if (!urls) throw new Error(`no domain "${domain}": there are ${Object.keys(server.databases).join(', ')}`);
  const template = `${domain}_template`;
  const name = `${domain}_${randomBytes(6).toString('hex')}`;
  await withClient(server.url, async (admin) => {
    // Suites run in several processes: one of them migrates the template, the others wait for it.
    await admin.query('SELECT pg_advisory_lock(hashtext($1))', [template]);
    const found = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (!found.rowCount) await makeTemplate(admin, template, domain, urls.ownerUrl);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER ${domain}_owner`);
  });
  return {
    name,
    serviceUrl: inDatabase(urls.serviceUrl, name),
    relayUrl: inDatabase(urls.relayUrl, name),
    ownerUrl: inDatabase(urls.ownerUrl, name),
    adminUrl: inDatabase(server.url, name),
    masterKey: randomBytes(32).toString('base64'),
    drop: () =>
      withClient(
        server.url,
        async (admin) => void (await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
      ),
  };
}

async function makeTemplate(
  admin: pg.Client,
  template: string,
  domain: string,
  ownerUrl: string,
): Promise<void> {
  await admin.query(`CREATE DATABASE ${template} TEMPLATE ${domain} OWNER ${domain}_owner`);
  try {
    await withClient(inDatabase(ownerUrl, template), (owner) => applyMigrations(owner, domain));
  } catch (error) {
    await admin.query(`DROP DATABASE ${template} WITH (FORCE)`);
    throw error;
  }
}

function inDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // the query in hand reports it
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

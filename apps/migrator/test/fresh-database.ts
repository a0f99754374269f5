import { randomBytes } from 'node:crypto';
import { testDatabase } from '@tradeline/testing';
import pg from 'pg';
import { targetOf } from '../src/database/target.js';
import type { Target } from '../src/database/target.js';

export interface FreshDatabase {
  /** As its owner, a role of this test alone. */
  readonly target: Target;
  ask<T>(sql: string): Promise<T[]>;
  drop(): Promise<void>;
}

/** An empty database whose owner has this password. */
export async function freshDatabase(password: string): Promise<FreshDatabase> {
  const { adminUrl, drop: dropCopy } = await testDatabase('leads'); // only for the address of the run's server
  await dropCopy();
  const id = randomBytes(6).toString('hex');
  const [role, database] = [`owner_${id}`, `database_${id}`];
  const server = atDatabase(adminUrl, 'postgres');
  await admin(server, `CREATE ROLE ${role} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
  await admin(server, `CREATE DATABASE ${database} OWNER ${role}`);
  const { host } = new URL(adminUrl);
  return {
    target: targetOf('leads', `postgresql://${role}@${host}/${database}`, password),
    ask: (sql) => admin(atDatabase(adminUrl, database), sql),
    drop: async () => {
      await admin(server, `DROP DATABASE ${database} WITH (FORCE)`);
      await admin(server, `DROP ROLE ${role}`);
    },
  };
}

function atDatabase(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function admin<T>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
}

import pg from 'pg';
import { connectionOf, inDatabase, quoted } from './connection.ts';

/** An error that Prisma's CLI knows by its code and explains to the user. */
export class KnownError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

async function withClient<R>(connectionString: string, use: (client: pg.Client) => Promise<R>): Promise<R> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined); // the query in hand reports it
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Makes the database of the URL if it is not there, and returns its name. */
export async function createDatabase(url: string): Promise<string> {
  const connection = connectionOf(url);
  await withClient(inDatabase(connection, 'postgres').connectionString, async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [connection.database]);
    if (!found.rowCount) await client.query(`CREATE DATABASE ${quoted(connection.database)}`);
  });
  return connection.database;
}

export async function dropDatabase(url: string): Promise<void> {
  const connection = connectionOf(url);
  await withClient(inDatabase(connection, 'postgres').connectionString, (client) =>
    client.query(`DROP DATABASE IF EXISTS ${quoted(connection.database)} WITH (FORCE)`),
  );
}

/** @throws KnownError P1000 (refused to sign in), P1001 (no answer) or P1003 (no such database) */
export async function canConnect(url: string): Promise<void> {
  const connection = connectionOf(url);
  try {
    await withClient(connection.connectionString, () => Promise.resolve());
  } catch (error) {
    throw explained(error, connection.host, connection.database);
  }
}

function explained(error: unknown, host: string, database: string): KnownError {
  const { code, message } = error as { code?: string; message?: string };
  if (code === '3D000')
    return new KnownError(
      'P1003',
      `Database \`${database}\` does not exist on the database server at \`${host}\`.`,
    );
  if (code === '28P01' || code === '28000')
    return new KnownError(
      'P1000',
      `Authentication failed against the database server at \`${host}\`: ${message}`,
    );
  return new KnownError('P1001', `Can't reach database server at \`${host}\`: ${message || code}`);
}

import { passwordFromFile } from './password-file.ts';

export interface Connection {
  /** For node-postgres. Carries the password, so it stays inside this process. */
  readonly connectionString: string;
  readonly database: string;
  readonly schema: string;
  /** For messages: `host:port`, never the password. */
  readonly host: string;
}

/** Query parameters of a Prisma URL that mean nothing to PostgreSQL, which would refuse them as unknown settings. */
const PRISMA_ONLY = [
  'schema',
  'connection_limit',
  'pool_timeout',
  'pgbouncer',
  'statement_cache_size',
  'socket_timeout',
];

/**
 * A Prisma URL as node-postgres takes it. Prisma hands us the URL as a process argument, which every user of the
 * machine can read: so a careful caller leaves the password out of it, and it comes from PGPASSWORD or PGPASSFILE.
 */
export function connectionOf(prismaUrl: string, env: NodeJS.ProcessEnv = process.env): Connection {
  const url = new URL(prismaUrl);
  const schema = url.searchParams.get('schema') ?? 'public';
  for (const name of PRISMA_ONLY) url.searchParams.delete(name);
  const database = decodeURIComponent(url.pathname.slice(1));
  if (!url.password && !env.PGPASSWORD && env.PGPASSFILE) {
    const target = {
      host: url.hostname,
      port: url.port || '5432',
      database,
      user: decodeURIComponent(url.username),
    };
    url.password = encodeURIComponent(passwordFromFile(env.PGPASSFILE, target) ?? '');
  }
  return { connectionString: url.href, database, schema, host: url.host };
}

/** The same server and user, another database. */
export function inDatabase(connection: Connection, database: string): Connection {
  const url = new URL(connection.connectionString);
  url.pathname = `/${encodeURIComponent(database)}`;
  return { ...connection, connectionString: url.href, database };
}

export const quoted = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

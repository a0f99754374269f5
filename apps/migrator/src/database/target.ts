import pg from 'pg';

/** A domain's database as its owner signs in. The password is kept apart from what may be shown. */
export interface Target {
  readonly domain: string;
  /** Without the password; may be shown, and may stand in a process's arguments. */
  readonly url: string;
  readonly password: string;
}

/** Splits a URL; a password given apart wins over one in the URL. */
export function targetOf(domain: string, givenUrl: string, password?: string): Target {
  const url = new URL(givenUrl);
  const inUrl = decodeURIComponent(url.password);
  url.password = '';
  return { domain, url: url.href, password: password ?? inUrl };
}

/** For node-postgres in this process. */
function connectionString({ url, password }: Target): string {
  const whole = new URL(url);
  whole.password = encodeURIComponent(password);
  return whole.href;
}

export async function connect(target: Target): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: connectionString(target),
    connectionTimeoutMillis: 5_000,
  });
  client.on('error', () => undefined); // the query in hand reports it
  await client.connect();
  return client;
}

export async function withClient<T>(target: Target, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(target);
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** Refused to sign in, or no such database: PostgreSQL's SQLSTATE classes 28 and 3D. Waiting does not change it. */
export const isRefusal = (error: unknown): boolean =>
  /^(28|3D)/.test((error as { code?: string }).code ?? '');

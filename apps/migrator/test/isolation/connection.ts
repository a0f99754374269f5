import pg from 'pg';

/** Opens connections and closes them all at the end, also when an expectation fails in between. */
export async function withClients<T>(
  urls: readonly string[],
  use: (...clients: pg.Client[]) => Promise<T>,
): Promise<T> {
  const clients = urls.map((connectionString) => new pg.Client({ connectionString }));
  try {
    for (const client of clients) await client.connect();
    return await use(...clients);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

/** Tables of the public schema that hold domain data. */
export async function tablesOf(admin: pg.Client): Promise<string[]> {
  const { rows } = await admin.query<{ relname: string }>(
    `SELECT relname FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> ALL ($1) ORDER BY relname`,
    [Object.keys(TABLES_WITHOUT_TENANT)],
  );
  return rows.map(({ relname }) => relname);
}

/** Every other table has a tenant. Each exception says why it may be one. */
export const TABLES_WITHOUT_TENANT: Readonly<Record<string, string>> = {
  _prisma_migrations: 'which migrations this database has gone through',
};

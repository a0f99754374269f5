import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { readCatalogue } from './catalogue-queries.ts';
import { connectionOf, inDatabase, quoted } from './connection.ts';
import type { Connection } from './connection.ts';

interface Options {
  readonly url: string;
  readonly shadowDatabaseUrl?: string | undefined;
  /** Nothing that the engine does stays. */
  readonly rollBack?: boolean;
}

interface Disposal {
  readonly rollBack?: boolean;
  readonly afterwards?: () => Promise<void>;
}

/**
 * Connections for the schema engine over node-postgres. The adapter of Prisma's client is made for queries; what
 * migrations need beyond that is repaired here, each where the comment says what goes wrong without it.
 */
export class MigrationAdapterFactory implements SqlMigrationAwareDriverAdapterFactory {
  readonly provider = 'postgres';
  readonly adapterName = '@prisma/adapter-pg';
  private readonly options: Options;
  private readonly open = new Set<SqlDriverAdapter>();

  constructor(options: Options) {
    this.options = options;
  }

  connect(): Promise<SqlDriverAdapter> {
    return this.adapt(connectionOf(this.options.url), { rollBack: this.options.rollBack ?? false });
  }

  /** An empty database in which the engine replays the migrations. */
  async connectToShadowDb(): Promise<SqlDriverAdapter> {
    if (this.options.shadowDatabaseUrl) return this.emptied(connectionOf(this.options.shadowDatabaseUrl));
    const main = connectionOf(this.options.url);
    const name = `prisma_migrate_shadow_db_${randomUUID()}`;
    const admin = new pg.Client({ connectionString: main.connectionString });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${quoted(name)}`);
    // The adapter's own shadow database is dropped while its pool is still connected, which fails.
    return this.adapt(inDatabase(main, name), {
      afterwards: async () => {
        await admin.query(`DROP DATABASE IF EXISTS ${quoted(name)} WITH (FORCE)`);
        await admin.end();
      },
    });
  }

  async disposeAll(): Promise<void> {
    for (const adapter of this.open) await adapter.dispose();
  }

  private async emptied(connection: Connection): Promise<SqlDriverAdapter> {
    const adapter = await this.adapt(connection, {});
    const schema = quoted(connection.schema);
    await adapter.executeScript(`DROP SCHEMA IF EXISTS ${schema} CASCADE; CREATE SCHEMA ${schema};`);
    return adapter;
  }

  private async adapt(connection: Connection, { rollBack, afterwards }: Disposal): Promise<SqlDriverAdapter> {
    const pool = oneSession(connection);
    if (rollBack) await pool.query('BEGIN'); // never committed: ending the pool rolls it back
    const adapter = await new PrismaPg(pool, { schema: connection.schema }).connect();
    readCatalogue(adapter);
    sendScriptsWhole(adapter, pool);
    adapter.dispose = async () => {
      if (!this.open.delete(adapter)) return;
      await pool.end();
      await afterwards?.();
    };
    this.open.add(adapter);
    return adapter;
  }
}

/** One connection only: the engine's advisory lock and search path belong to a session. */
function oneSession({ connectionString, schema }: Connection): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 1, options: `-c search_path=${quoted(schema)}` });
  pool.on('error', () => undefined); // the query in hand reports it
  return pool;
}

/** The adapter cuts a script at each semicolon, also inside the `$$` body of a function. The server cuts right. */
function sendScriptsWhole(adapter: SqlDriverAdapter, pool: pg.Pool): void {
  const reporting = adapter as unknown as { onError(error: unknown): never };
  adapter.executeScript = async (script) => {
    try {
      await pool.query(script);
    } catch (error) {
      reporting.onError(error);
    }
  };
}

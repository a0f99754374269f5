import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const ENGINE = fileURLToPath(new URL('../schema-engine.mjs', import.meta.url));
const PRISMA = fileURLToPath(new URL('../../../node_modules/prisma/build/index.js', import.meta.url));

export interface Ended {
  readonly status: number;
  readonly output: string;
}

/** Ignored by git, and below the root so that node_modules is found. */
const APPS = fileURLToPath(new URL('../../../.data/tests', import.meta.url));

/** An app with a Prisma schema and a database name of its own. */
export class PrismaApp {
  readonly database = `app_${randomBytes(6).toString('hex')}`;
  private readonly folder: string;
  private readonly serverUrl: string;

  constructor(serverUrl: string) {
    this.serverUrl = serverUrl;
    mkdirSync(APPS, { recursive: true });
    this.folder = mkdtempSync(path.join(APPS, 'app-'));
    mkdirSync(this.migrationsFolder, { recursive: true });
    writeFileSync(path.join(this.migrationsFolder, 'migration_lock.toml'), 'provider = "postgresql"\n');
    writeFileSync(
      path.join(this.folder, 'prisma.config.ts'),
      `export default { schema: 'schema.prisma', migrations: { path: 'migrations' }, datasource: { url: process.env.DATABASE_URL } };\n`,
    );
    this.schema('model notes {\n  id Int @id\n}');
  }

  private get migrationsFolder(): string {
    return path.join(this.folder, 'migrations');
  }

  schema(models: string): void {
    const header =
      'generator client {\n  provider = "prisma-client"\n  output = "./client"\n}\ndatasource db {\n  provider = "postgresql"\n}\n';
    writeFileSync(path.join(this.folder, 'schema.prisma'), `${header}${models}\n`);
  }

  migration(name: string, sql: string): void {
    mkdirSync(path.join(this.migrationsFolder, name));
    writeFileSync(path.join(this.migrationsFolder, name, 'migration.sql'), sql);
  }

  migrations(): string[] {
    return readdirSync(this.migrationsFolder)
      .filter((name) => name !== 'migration_lock.toml')
      .sort();
  }

  script(name: string): string {
    return readFileSync(path.join(this.migrationsFolder, name, 'migration.sql'), 'utf8');
  }

  url(query = ''): string {
    const url = new URL(this.serverUrl);
    url.pathname = `/${this.database}`;
    return url.href + query;
  }

  /** Runs Prisma's ordinary command line; nobody answers its questions. */
  prisma(args: readonly string[], url = this.url()): Promise<Ended> {
    const env = {
      PATH: process.env.PATH,
      DATABASE_URL: url,
      PRISMA_SCHEMA_ENGINE_BINARY: ENGINE,
      CHECKPOINT_DISABLE: '1',
      NO_COLOR: '1',
    };
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [PRISMA, ...args],
        { cwd: this.folder, env },
        (error, stdout, stderr) =>
          resolve({ status: error ? Number(error.code) : 0, output: stdout + stderr }),
      );
      child.stdin?.end();
    });
  }

  async query<T>(sql: string, url = this.url()): Promise<T[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows as T[];
    } finally {
      await client.end();
    }
  }

  async remove(): Promise<void> {
    rmSync(this.folder, { recursive: true });
    await this.query(`DROP DATABASE IF EXISTS ${this.database} WITH (FORCE)`, this.serverUrl);
  }
}

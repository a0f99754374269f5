import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { withClient } from './target.js';
import type { Target } from './target.js';

/** A migration by name, with the SHA-256 of its script, as Prisma stores it. */
export type Migrations = ReadonlyMap<string, string>;

/** The migrations of the release. */
export function migrationsIn(folder: string): Migrations {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  return new Map(
    names.map((name) => {
      const script = readFileSync(path.join(folder, name, 'migration.sql'));
      return [name, createHash('sha256').update(script).digest('hex')];
    }),
  );
}

/** The migrations that a database has gone through to their end. */
export function appliedTo(target: Target): Promise<Migrations> {
  return withClient(target, async (client) => {
    const table = await client.query<{ found: string | null }>(
      `SELECT to_regclass('_prisma_migrations')::text AS found`,
    );
    if (!table.rows[0]?.found) return new Map<string, string>();
    const { rows } = await client.query<{ migration_name: string; checksum: string }>(
      `SELECT migration_name, checksum FROM _prisma_migrations
       WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
    );
    return new Map(rows.map((row) => [row.migration_name, row.checksum]));
  });
}

export interface Comparison {
  /** In the release and not in the database, in their order. */
  readonly missing: readonly string[];
  /** Run once with another text than the release has now. */
  readonly changed: readonly string[];
  /** In the database and not in the release: a newer release was here. */
  readonly unknown: readonly string[];
}

export function compare(release: Migrations, applied: Migrations): Comparison {
  const names = [...release.keys()];
  return {
    missing: names.filter((name) => !applied.has(name)),
    changed: names.filter((name) => applied.has(name) && applied.get(name) !== release.get(name)),
    unknown: [...applied.keys()].filter((name) => !release.has(name)),
  };
}

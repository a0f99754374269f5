import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import type pg from 'pg';

const APPS = fileURLToPath(new URL('../../../../apps', import.meta.url));

/** Which app's migrations make a domain's tables. */
const APP_OF: Readonly<Record<string, string>> = {
  telephony: 'telephony-gateway',
  leads: 'lead-qualifier',
  notifications: 'notifier',
  metrics: 'metrics-aggregator',
  tenants: 'tenant-gateway',
};

/**
 * Runs a domain's migration scripts in their order, as `prisma migrate deploy` does but in milliseconds; the
 * migrator's own tests run the real thing.
 */
export async function applyMigrations(owner: pg.Client, domain: string): Promise<void> {
  const folder = path.join(APPS, APP_OF[domain] ?? domain, 'prisma', 'migrations');
  if (!existsSync(folder)) throw new Error(`the domain "${domain}" has no migrations`);
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of names.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    try {
      await owner.query(readFileSync(path.join(folder, name, 'migration.sql'), 'utf8'));
    } catch (error) {
      throw new Error(`migration ${name} of ${domain} fails: ${(error as Error).message}`, { cause: error });
    }
  }
}

import { existsSync } from 'node:fs';
import { compare, appliedTo, migrationsIn } from '../../database/migration-history.js';
import { prismaDeploy } from '../../database/prisma-deploy.js';
import { takeRunLock } from '../../database/run-lock.js';
import { isRefusal } from '../../database/target.js';
import type { Target } from '../../database/target.js';
import { tryUntil } from '../../domain/back-off.js';
import type { BackOff, Clock } from '../../domain/back-off.js';
import { migrationFailed, MigrationFailure, serverUnusable } from '../../domain/failures.js';

/** One domain's part of a run. */
export interface DomainMigration {
  readonly target: Target;
  /** The app whose folder has `prisma.config.ts` and `prisma/migrations`. */
  readonly appFolder: string;
}

export interface MigrateOptions {
  readonly say: (line: string) => void;
  readonly backOff: BackOff;
  readonly clock: Clock;
}

/** Prisma's command line mostly waits for itself to load: two at once take little longer than one. */
const AT_ONCE = 2;

/**
 * Brings every database to the release. Keeps no state of its own: each database says what it has gone through.
 * Domains are independent: where one fails, the others are brought to the release all the same.
 * @throws MigrationFailure of the first domain that failed; the others that did are told before
 */
export async function migrateDatabases(
  migrations: readonly DomainMigration[],
  options: MigrateOptions,
): Promise<void> {
  const waiting = [...migrations];
  const locks: { release(): Promise<void> }[] = [];
  const failures: unknown[] = [];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      try {
        locks.push(await lockWhenUp(next.target, options));
        await migrate(next, options);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  await Promise.all(locks.map((lock) => lock.release()));
  const [first, ...others] = failures;
  for (const other of others) options.say(other instanceof Error ? other.message : String(other));
  if (first !== undefined) throw first;
}

/** The server may be starting beside us. */
async function lockWhenUp(target: Target, { backOff, clock, say }: MigrateOptions) {
  let told = false;
  try {
    return await tryUntil(
      () =>
        takeRunLock(target).catch((error: unknown) => {
          if (!isFinal(error) && !told) say(`${target.domain}: waiting for the server`);
          told = true;
          throw error;
        }),
      isFinal,
      backOff,
      clock,
    );
  } catch (error) {
    throw error instanceof MigrationFailure ? error : serverUnusable(target.domain, error);
  }
}

const isFinal = (error: unknown): boolean => error instanceof MigrationFailure || isRefusal(error);

async function migrate({ target, appFolder }: DomainMigration, { say }: MigrateOptions): Promise<void> {
  const { domain } = target;
  const folder = `${appFolder}/prisma/migrations`;
  if (!existsSync(folder)) throw migrationFailed(`${domain}: there are no migrations in ${folder}`);
  const release = migrationsIn(folder);
  const before = compare(release, await appliedTo(target));
  refuseChanged(domain, before.changed);
  if (before.unknown.length > 0) say(`${domain}: a newer release was here (${before.unknown.join(', ')})`);
  if (before.missing.length === 0) return say(`${domain}: up to date (${release.size} migrations)`);
  const { succeeded, output } = await prismaDeploy(appFolder, target);
  const after = compare(release, await appliedTo(target));
  if (!succeeded || after.missing.length > 0) throw migrationFailed(`${domain}: ${output}`);
  say(`${domain}: applied ${before.missing.join(', ')}`);
}

function refuseChanged(domain: string, changed: readonly string[]): void {
  if (changed.length === 0) return;
  throw migrationFailed(
    `${domain}: ${changed.join(', ')} changed after it was applied here: undo the change and write a new migration`,
  );
}

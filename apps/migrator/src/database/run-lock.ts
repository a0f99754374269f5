import type pg from 'pg';
import { alreadyRunning } from '../domain/failures.js';
import { connect } from './target.js';
import type { Target } from './target.js';

/** Ours among PostgreSQL's advisory locks, which are numbers; Prisma's own is another. */
const LOCK = 7_224_072;

/**
 * Keeps other migrators away from a database until `release`; the server drops the lock by itself when we die.
 * @throws MigrationFailure when another has it
 */
export async function takeRunLock(target: Target): Promise<{ release(): Promise<void> }> {
  const client: pg.Client = await connect(target);
  const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [LOCK]);
  if (!rows[0]?.taken) {
    await client.end();
    throw alreadyRunning(target.domain);
  }
  return { release: () => client.end() };
}

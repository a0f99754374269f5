import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { EnvError } from '@tradeline/service-runtime';
import { DOMAINS } from './domain/domains.js';
import { EXIT, MigrationFailure } from './domain/failures.js';
import { readEnv } from './env.js';
import { makeStreams } from './features/make-streams/make-streams.js';
import { migrateDatabases } from './features/migrate-databases/migrate-databases.js';

const clock = { nowMs: () => performance.now(), pause: (ms: number) => pause(ms), random: Math.random };
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** The apps lie beside this one. */
const appFolder = (app: string): string => fileURLToPath(new URL(`../../${app}`, import.meta.url));

async function main(): Promise<void> {
  const { targets, bus, waitMs } = readEnv();
  const options = { say, clock, backOff: { firstMs: 100, longestMs: 5_000, withinMs: waitMs } };
  const migrations = DOMAINS.flatMap(({ name, app }) => {
    const target = targets.find(({ domain }) => domain === name);
    return target ? [{ target, appFolder: appFolder(app) }] : [];
  });
  await Promise.all([migrateDatabases(migrations, options), bus && makeStreams(bus, options)]);
}

try {
  await main();
  process.exit(EXIT.done);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof MigrationFailure) process.exit(error.exitStatus);
  process.exit(error instanceof EnvError ? EXIT.wrongEnvironment : EXIT.migrationFailed);
}

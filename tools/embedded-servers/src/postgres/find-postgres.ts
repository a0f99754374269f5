import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  atLeast,
  debianPostgresFolders,
  isExecutable,
  programsNamed,
  versionOf,
} from '../programs/find-program.ts';
import { linkSharedObjects, packageRoot } from './package-binaries.ts';

export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
  readonly major: number;
  readonly env: Readonly<Record<string, string>>;
}

const OLDEST = '15';

/**
 * PostgreSQL from the npm package, else from this machine. Data that is already there decides the major version:
 * another one cannot read it.
 * @throws when there is none that fits, saying what to do
 */
export function findPostgres(data: string, cache: string, env: NodeJS.ProcessEnv): PostgresPrograms {
  const wanted = majorOf(data);
  const found = candidates(cache, env);
  const fit = found.find(({ major }) => wanted === undefined || major === wanted);
  if (fit) return fit;
  if (wanted !== undefined && found.length > 0) {
    throw new Error(
      `the data in ${data} is PostgreSQL ${wanted}'s, and there is only ${found.map(({ major }) => major).join(', ')}: ` +
        'take another data directory, or set POSTGRES_URL to a server that you run',
    );
  }
  throw new Error(
    `no PostgreSQL ${OLDEST} or newer on this machine: run npm ci without --omit=optional, install PostgreSQL, ` +
      'or set POSTGRES_URL to a server (postgres://admin:password@host:5432/postgres)',
  );
}

function majorOf(data: string): number | undefined {
  const file = path.join(data, 'PG_VERSION');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').trim()) : undefined;
}

function candidates(cache: string, env: NodeJS.ProcessEnv): PostgresPrograms[] {
  const root = packageRoot();
  const folders = programsNamed('postgres', env, debianPostgresFolders()).map((program) =>
    path.dirname(program),
  );
  const libraries = root && linkSharedObjects(root, cache);
  const fromPackage = root
    ? programsIn(path.join(root, 'native', 'bin'), libraries ? { LD_LIBRARY_PATH: libraries } : {})
    : [];
  return [...fromPackage, ...folders.flatMap((folder) => programsIn(folder, {}))];
}

function programsIn(folder: string, env: Readonly<Record<string, string>>): PostgresPrograms[] {
  const [initdb, postgres] = [path.join(folder, 'initdb'), path.join(folder, 'postgres')];
  const version = isExecutable(initdb) ? versionOf(postgres, env) : undefined;
  if (!version || !atLeast(version, OLDEST)) return [];
  return [{ initdb, postgres, major: Number(version.split('.')[0]), env }];
}

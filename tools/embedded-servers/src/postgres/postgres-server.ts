import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Launch, Recipe } from '../managed-server.ts';
import { LOOPBACK } from '../ports.ts';
import type { StartContext } from '../start-context.ts';
import { createDomain, createDomainOnForeignServer, DATABASES, withClient } from './domains.ts';
import { findPostgres } from './find-postgres.ts';
import type { PostgresPrograms } from './find-postgres.ts';
import { clearLeftovers } from './leftovers.ts';
import { makeOwn, unprivileged } from './unprivileged.ts';
import type { Unprivileged } from './unprivileged.ts';

const run = promisify(execFile);

export const postgresUrl = (port: number, password: string): string =>
  `postgres://postgres:${password}@${LOOPBACK}:${port}/postgres`;

/** Resolves with the version of a server that takes this URL. */
export const postgresVersion = (url: string): Promise<string> =>
  withClient(url, async (client) => {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version.split(' ')[0] ?? 'unknown';
  });

export function postgresRecipe(context: StartContext): Recipe {
  const { dataDir, ephemeral } = context;
  const folder = dataDir.folder('postgres', { passable: true });
  const password = dataDir.secret('postgres');
  const data = path.join(folder, 'data');
  return {
    name: 'postgres',
    folder,
    stopSignal: ephemeral ? 'SIGQUIT' : 'SIGINT', // at once, or after rolling back what is open
    async prepare(port) {
      const programs = findPostgres(data, context.cache(), context.env);
      const user = unprivileged();
      if (!existsSync(path.join(data, 'PG_VERSION')))
        await initialize({ folder, data, password, programs, user, ephemeral });
      return launchOf(user, programs, data, port, ephemeral);
    },
    clear: () => clearLeftovers(data),
    probe: (port) => postgresVersion(postgresUrl(port, password)),
  };
}

interface NewCluster {
  readonly folder: string;
  readonly data: string;
  readonly password: string;
  readonly programs: PostgresPrograms;
  readonly user: Unprivileged;
  readonly ephemeral: boolean;
}

async function initialize({ folder, data, password, programs, user, ephemeral }: NewCluster): Promise<void> {
  rmSync(data, { recursive: true, force: true }); // an earlier try was cut off
  mkdirSync(data, { mode: 0o700 });
  makeOwn(data, user);
  const passwordFile = path.join(folder, 'initial-password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  user.handOver(passwordFile);
  // Sorting by code point needs no locale of the machine; from 17 on, upper and lower case know Unicode even so.
  const locale = programs.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [];
  const { command, args, uid, gid } = user.wrap(programs.initdb, [
    ...[
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--locale=C',
    ],
    ...locale,
    ...(ephemeral ? ['--no-sync'] : []),
  ]);
  try {
    await run(command, args, { cwd: folder, env: { ...process.env, ...programs.env }, uid, gid });
  } catch (error) {
    rmSync(data, { recursive: true, force: true });
    throw new Error(
      `PostgreSQL cannot make its data: ${(error as { stderr?: string }).stderr?.trim() ?? String(error)}`,
      { cause: error },
    );
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function launchOf(
  user: Unprivileged,
  programs: PostgresPrograms,
  data: string,
  port: number,
  ephemeral: boolean,
): Launch {
  const settings: Record<string, string | number> = {
    listen_addresses: LOOPBACK,
    port,
    unix_socket_directories: '',
    max_connections: 300,
    shared_buffers: '64MB',
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...(ephemeral
      ? {
          fsync: 'off',
          synchronous_commit: 'off',
          full_page_writes: 'off',
          wal_level: 'minimal',
          max_wal_senders: 0,
        }
      : {}),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return { ...user.wrap(programs.postgres, ['-D', data, ...flags]), env: programs.env };
}

/** Makes roles and databases of our own server; remembers it, so that the next start asks nothing. */
export async function createDomains(context: StartContext, adminUrl: string): Promise<void> {
  const done = path.join(context.dataDir.folder('postgres', { passable: true }), 'domains-made');
  if (existsSync(done)) return;
  for (const name of DATABASES) await createDomain(name, adminUrl, context.passwordOf);
  writeFileSync(done, `${DATABASES.join('\n')}\n`);
}

/** @throws when the server is too old or holds another installation's databases */
export async function createDomainsOnForeignServer(context: StartContext, adminUrl: string): Promise<string> {
  const version = await postgresVersion(adminUrl);
  if (Number(version.split('.')[0]) < 15)
    throw new Error(`the server of POSTGRES_URL is PostgreSQL ${version}; 15 or newer is needed`);
  for (const name of DATABASES) await createDomainOnForeignServer(name, adminUrl, context.passwordOf);
  return version;
}

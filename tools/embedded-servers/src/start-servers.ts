import { rmSync } from 'node:fs';
import path from 'node:path';
import { LockHeld, takeLock } from './file-lock.ts';
import { ManagedServer } from './managed-server.ts';
import type { Launch, Progress } from './managed-server.ts';
import { probeNats } from './nats/nats-probe.ts';
import { natsCredentials, natsRecipe, natsUserNames } from './nats/nats-server.ts';
import type { NatsCredentials } from './nats/nats-server.ts';
import { LOOPBACK } from './ports.ts';
import { accessTo, DATABASES } from './postgres/domains.ts';
import type { DatabaseAccess, DatabaseName } from './postgres/domains.ts';
import {
  createDomains,
  createDomainsOnForeignServer,
  postgresRecipe,
  postgresUrl,
} from './postgres/postgres-server.ts';
import { atLeast } from './programs/find-program.ts';
import { probeRedis } from './redis/redis-probe.ts';
import { redisRecipe, redisUrl } from './redis/redis-server.ts';
import { StartContext } from './start-context.ts';

export const SERVERS = ['postgres', 'nats', 'redis'] as const;
export type ServerName = (typeof SERVERS)[number];

export interface StartOptions {
  /** Holds data, secrets and what runs, for one installation. */
  readonly dataDir: string;
  /** All three unless given. */
  readonly only?: readonly ServerName[];
  /** For tests: fast rather than durable, and `stop` removes all that the servers kept. */
  readonly ephemeral?: boolean;
  /** Starts a server again that dies; on unless given. */
  readonly supervise?: boolean;
  readonly onProgress?: Progress;
  /** Where POSTGRES_URL (an administrator's), NATS_URL and REDIS_URL are looked up. */
  readonly env?: NodeJS.ProcessEnv;
}

export interface RunningServer {
  /** As clients take it. Postgres's is the administrator's; Postgres's and Redis's carry the password. */
  readonly url: string;
  /** Whose it is: given in the environment and never managed, or ours. */
  readonly origin: 'environment' | 'adopted' | 'started';
  readonly version: string;
  /** Ours only; another one after the server was started again. */
  readonly pid: number | undefined;
  /** Ours only: the command that starts it again. */
  readonly launch: Launch | undefined;
}

export interface RunningPostgres extends RunningServer {
  readonly databases: Readonly<Record<DatabaseName, DatabaseAccess>>;
}

export interface RunningNats extends RunningServer {
  /** By service, and `migrator` for the administrator. The URL carries none. */
  readonly credentials: Readonly<Record<string, NatsCredentials>>;
}

export interface EmbeddedServers {
  readonly postgres?: RunningPostgres;
  readonly nats?: RunningNats;
  readonly redis?: RunningServer;
  /** Stops those that are ours and leaves no process. */
  stop(): Promise<void>;
}

type Started<T extends RunningServer> = { readonly running: T; readonly managed: ManagedServer | undefined };

/**
 * Brings up PostgreSQL, NATS and Redis for one installation, each by the first of these that applies: the URL in the
 * environment; our own instance that still runs; a private instance on a free loopback port. What merely listens on a
 * well-known port is never taken: it may be somebody else's.
 * @throws when one cannot be had, saying which variable to set; and when another process has this data directory
 */
export async function startServers(options: StartOptions): Promise<EmbeddedServers> {
  const {
    dataDir,
    only = SERVERS,
    ephemeral = false,
    supervise = true,
    onProgress = () => undefined,
    env = process.env,
  } = options;
  const context = new StartContext(dataDir, { ephemeral, env, onProgress });
  const release = await lock(context.dataDir.root);
  const wanted = <T extends RunningServer>(
    name: ServerName,
    start: (context: StartContext) => Promise<Started<T>>,
  ) => (only.includes(name) ? start(context) : undefined);
  const starting = [
    wanted('postgres', startPostgres),
    wanted('nats', startNats),
    wanted('redis', startRedis),
  ] as const;
  const settled = await Promise.allSettled(starting);
  const managed = settled.flatMap((each) =>
    each.status === 'fulfilled' && each.value?.managed ? [each.value.managed] : [],
  );
  const stop = async () => {
    await Promise.all(managed.map((server) => server.stop()));
    release();
    if (ephemeral) rmSync(context.dataDir.root, { recursive: true, force: true });
  };
  const failures = settled.flatMap((each) =>
    each.status === 'rejected' ? [(each.reason as Error).message] : [],
  );
  if (failures.length > 0) {
    await stop();
    throw new Error(failures.join('\n'));
  }
  if (supervise) for (const server of managed) server.supervise();
  const [postgres, nats, redis] = await Promise.all(starting);
  return {
    ...(postgres ? { postgres: postgres.running } : {}),
    ...(nats ? { nats: nats.running } : {}),
    ...(redis ? { redis: redis.running } : {}),
    stop,
  };
}

async function lock(root: string): Promise<() => void> {
  try {
    return await takeLock(path.join(root, 'lock'));
  } catch (error) {
    if (!(error instanceof LockHeld)) throw error;
    throw new Error(
      `process ${error.pid} already uses ${path.dirname(root)}: stop it, or take another data directory`,
      { cause: error },
    );
  }
}

/** Reads the process id when it is asked for: it changes when the server is started again. */
function describe<T extends object>(managed: ManagedServer, url: string, more: T): RunningServer & T {
  const { origin, version } = managed;
  return {
    ...more,
    url,
    origin,
    version,
    get pid() {
      return managed.pid;
    },
    get launch() {
      return managed.launch;
    },
  };
}

const foreign = (url: string, version: string) =>
  ({ url, origin: 'environment', version, pid: undefined, launch: undefined }) as const;

async function startPostgres(context: StartContext): Promise<Started<RunningPostgres>> {
  const { passwordOf } = context;
  const databasesAt = (url: string) =>
    Object.fromEntries(DATABASES.map((name) => [name, accessTo(name, url, passwordOf)])) as Record<
      DatabaseName,
      DatabaseAccess
    >;
  const given = context.env.POSTGRES_URL;
  if (given) {
    const version = await explained('POSTGRES_URL', createDomainsOnForeignServer(context, given));
    return { managed: undefined, running: { ...foreign(given, version), databases: databasesAt(given) } };
  }
  const managed = await ManagedServer.adoptOrStart(postgresRecipe(context), context.onProgress);
  const url = postgresUrl(managed.port, context.dataDir.secret('postgres'));
  await createDomains(context, url).catch(async (error: unknown) => {
    await managed.stop();
    throw error;
  });
  context.onProgress(`postgres ${managed.version} ${managed.origin} (process ${managed.pid})`);
  return { managed, running: describe(managed, url, { databases: databasesAt(url) }) };
}

async function startNats(context: StartContext): Promise<Started<RunningNats>> {
  const given = context.env.NATS_URL;
  if (given) return { managed: undefined, running: await foreignNats(given, context.env) };
  const managed = await ManagedServer.adoptOrStart(natsRecipe(context), context.onProgress);
  context.onProgress(`nats ${managed.version} ${managed.origin} (process ${managed.pid})`);
  const url = `nats://${LOOPBACK}:${managed.port}`;
  return { managed, running: describe(managed, url, { credentials: natsCredentials(context, url) }) };
}

/** On a server that others run, users are theirs to make: all services sign in with what NATS_URL carries. */
async function foreignNats(given: string, env: NodeJS.ProcessEnv): Promise<RunningNats> {
  const url = new URL(given);
  const user = decodeURIComponent(url.username) || env.NATS_USER || '';
  const password = decodeURIComponent(url.password) || env.NATS_PASSWORD || '';
  const version = await explained(
    'NATS_URL',
    probeNats({ host: url.hostname, port: Number(url.port || 4222), user, password }),
  );
  if (!atLeast(version, '2.10'))
    throw new Error(`the server of NATS_URL is ${version}; 2.10 or newer is needed`);
  url.username = '';
  url.password = '';
  const shared = { NATS_URL: url.href, NATS_USER: user, NATS_PASSWORD: password };
  const credentials = Object.fromEntries(natsUserNames().map((name) => [name, shared]));
  return { ...foreign(url.href, version), credentials };
}

async function startRedis(context: StartContext): Promise<Started<RunningServer>> {
  const given = context.env.REDIS_URL;
  if (given)
    return { managed: undefined, running: foreign(given, await explained('REDIS_URL', probeRedis(given))) };
  const managed = await ManagedServer.adoptOrStart(redisRecipe(context), context.onProgress);
  context.onProgress(`redis ${managed.version} ${managed.origin} (process ${managed.pid})`);
  return { managed, running: describe(managed, redisUrl(managed.port, context.dataDir.secret('redis')), {}) };
}

async function explained<T>(variable: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new Error(`the server of ${variable} cannot be used: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

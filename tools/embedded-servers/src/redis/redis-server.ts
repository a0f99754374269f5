import path from 'node:path';
import { writePrivateFile } from '../data-dir.ts';
import type { Recipe } from '../managed-server.ts';
import { LOOPBACK } from '../ports.ts';
import { atLeast, firstFit, programsNamed, versionOf } from '../programs/find-program.ts';
import type { Program } from '../programs/find-program.ts';
import type { StartContext } from '../start-context.ts';
import { probeRedis } from './redis-probe.ts';

/** BullMQ's scripts need the commands of 6.2. */
const OLDEST = '6.2';

export const redisUrl = (port: number, password: string): string =>
  `redis://:${password}@${LOOPBACK}:${port}`;

export function redisRecipe(context: StartContext): Recipe {
  const folder = context.dataDir.folder('redis');
  const password = context.dataDir.secret('redis');
  return {
    name: 'redis',
    folder,
    stopSignal: 'SIGTERM',
    async prepare(port) {
      const program = await findRedis(context);
      const configFile = path.join(folder, 'redis.conf');
      writePrivateFile(configFile, configText({ port, folder, password, ephemeral: context.ephemeral }));
      return { command: program.path, args: [configFile], env: program.env };
    },
    probe: (port) => probeRedis(redisUrl(port, password)),
  };
}

interface RedisConfig {
  readonly port: number;
  readonly folder: string;
  readonly password: string;
  readonly ephemeral: boolean;
}

/** A queue must not forget jobs to make room, hence `noeviction`; the password stands here and not on the command line. */
export const configText = ({ port, folder, password, ephemeral }: RedisConfig): string => `bind ${LOOPBACK}
port ${port}
requirepass ${password}
dir ${JSON.stringify(folder)}
daemonize no
maxmemory-policy noeviction
save ""
appendonly ${ephemeral ? 'no' : 'yes'}
`;

async function findRedis(context: StartContext): Promise<Program> {
  const named = ['valkey-server', 'redis-server'].flatMap((name) => programsNamed(name, context.env));
  const program = firstFit(named, OLDEST, context.onProgress) ?? (await fromDebian(context));
  if (program) return program;
  throw new Error(
    `no Redis or Valkey ${OLDEST} or newer on this machine, and none could be downloaded: install redis or valkey, ` +
      'or set REDIS_URL to a server (redis://:password@host:6379)',
  );
}

async function fromDebian(context: StartContext): Promise<Program | undefined> {
  try {
    const unpacked = await context.debianPackages()?.withDependencies('redis-server');
    if (!unpacked) return undefined;
    const file = path.join(unpacked.root, 'usr/bin/redis-server');
    const env = { LD_LIBRARY_PATH: unpacked.libraryPath };
    const version = versionOf(file, env);
    return version && atLeast(version, OLDEST) ? { path: file, version, env } : undefined;
  } catch (error) {
    context.onProgress((error as Error).message);
    return undefined;
  }
}

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { writePrivateFile } from '../data-dir.ts';
import type { Recipe } from '../managed-server.ts';
import { LOOPBACK } from '../ports.ts';
import { atLeast, firstFit, programsNamed, versionOf } from '../programs/find-program.ts';
import type { Program } from '../programs/find-program.ts';
import type { StartContext } from '../start-context.ts';
import { natsConfigText } from './nats-config.ts';
import { ADMIN_USER, servicePermissions } from './nats-permissions.ts';
import { probeNats } from './nats-probe.ts';

const OLDEST = '2.10';

const passwordOf = (context: StartContext, user: string): string => context.dataDir.secret(`nats/${user}`);

/** How one service signs in to NATS, under the names of its environment variables. */
export interface NatsCredentials {
  /** Carries no password. */
  readonly NATS_URL: string;
  readonly NATS_USER: string;
  readonly NATS_PASSWORD: string;
}

export const natsUserNames = (): string[] => [ADMIN_USER, ...Object.keys(servicePermissions())];

/** The users of our own server, the administrator among them, by name. */
export const natsCredentials = (context: StartContext, url: string): Record<string, NatsCredentials> =>
  Object.fromEntries(
    natsUserNames().map((user) => [
      user,
      { NATS_URL: url, NATS_USER: user, NATS_PASSWORD: passwordOf(context, user) },
    ]),
  );

export function natsRecipe(context: StartContext): Recipe {
  const folder = context.dataDir.folder('nats');
  const admin = passwordOf(context, ADMIN_USER);
  const configFile = path.join(folder, 'nats.conf');
  return {
    name: 'nats',
    folder,
    stopSignal: 'SIGTERM',
    async prepare(port) {
      const program = await findNats(context);
      writePrivateFile(configFile, configText(context, folder, port));
      return { command: program.path, args: ['-c', configFile], env: program.env };
    },
    refresh({ pid, port }) {
      const config = configText(context, folder, port);
      if (config === readFileSync(configFile, 'utf8')) return;
      writePrivateFile(configFile, config);
      process.kill(pid, 'SIGHUP'); // nats-server reads users and permissions again
    },
    probe: (port) => probeNats({ host: LOOPBACK, port, user: ADMIN_USER, password: admin }),
  };
}

function configText(context: StartContext, folder: string, port: number): string {
  const permissions = servicePermissions();
  return natsConfigText({
    listen: `${LOOPBACK}:${port}`,
    storeDir: path.join(folder, 'data'),
    storageKey: context.dataDir.secret('nats-storage'),
    users: natsUserNames().map((name) => ({
      name,
      password: passwordOf(context, name),
      permissions: permissions[name],
    })),
  });
}

async function findNats(context: StartContext): Promise<Program> {
  const onPath = firstFit(programsNamed('nats-server', context.env), OLDEST, context.onProgress);
  const program = onPath ?? (await fromDebian(context));
  if (program) return program;
  throw new Error(
    `no nats-server ${OLDEST} or newer on this machine, and none could be downloaded: install nats-server, ` +
      'or set NATS_URL to a server with JetStream (nats://user:password@host:4222)',
  );
}

async function fromDebian(context: StartContext): Promise<Program | undefined> {
  try {
    const unpacked = await context.debianPackages()?.natsServer();
    if (!unpacked) return undefined;
    const file = path.join(unpacked.root, 'usr/sbin/nats-server');
    const version = versionOf(file);
    return version && atLeast(version, OLDEST) ? { path: file, version, env: {} } : undefined;
  } catch (error) {
    context.onProgress((error as Error).message);
    return undefined;
  }
}

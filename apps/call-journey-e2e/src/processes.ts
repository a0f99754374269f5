import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface RunningProcess {
  readonly pid: number;
  readonly command: string;
}

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

const folderOf = (pid: string): string => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
};

/** Every process that works on a data directory, whoever started it, by what Linux tells of it. The dead do not count. */
export const processesOn = (dataDir: string): RunningProcess[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .flatMap((name) => {
      const command = textOf(`/proc/${name}/cmdline`).replaceAll('\0', ' ').trim();
      const belongs = [command, folderOf(name), textOf(`/proc/${name}/environ`)].some((text) =>
        text.includes(dataDir),
      );
      return command !== '' && belongs ? [{ pid: Number(name), command }] : [];
    });

/** What each of them is: a service by its name, "supervisor", "nats", "redis" or "postgres"; sorted. */
export const namesOf = (processes: readonly RunningProcess[]): string[] =>
  processes.flatMap(({ command }) => nameOf(command) ?? []).sort();

const nameOf = (command: string): string | undefined => {
  const service = /apps\/([a-z-]+)\/dist\/main\.js/.exec(command)?.[1];
  if (service) return service;
  if (command.includes('tradeline/src/main.ts')) return 'supervisor';
  if (command.includes('nats-server')) return 'nats';
  if (/redis-server|valkey-server/.test(command)) return 'redis';
  // The server itself; those that it forks call themselves "postgres: what they do".
  if (/postgres.* -D /.test(command)) return 'postgres';
  return command.startsWith('postgres:') ? undefined : command;
};

/** The names of all processes of a platform that was started with two bridges. */
export const WITH_TWO_BRIDGES: readonly string[] = [
  'lead-qualifier',
  'metrics-aggregator',
  'nats',
  'notifier',
  'postgres',
  'realtime-bridge',
  'realtime-bridge',
  'redis',
  'sandbox',
  'supervisor',
  'telephony-gateway',
  'tenant-gateway',
];

/** For the end of a test that failed half-way: ends whoever is left there. */
export const endAllOn = (dataDir: string): void => {
  for (const { pid } of processesOn(dataDir)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It went with its parent.
    }
  }
};

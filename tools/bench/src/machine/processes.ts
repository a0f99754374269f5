import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** A core of their own for what is measured, another for all that measures it. */
export interface Cores {
  readonly tested: number;
  readonly others: number;
}

/** The first two cores that this process may use; undefined where there is no `taskset` or only one core. */
export const findCores = (): Cores | undefined => {
  if (spawnSync('taskset', ['--version']).status !== 0) return undefined;
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  const cores = list.split(',').flatMap((part) => {
    const [from = NaN, to = from] = part.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
  const [tested, others] = cores;
  return tested === undefined || others === undefined ? undefined : { tested, others };
};

/** Moves a running process with all its threads, and puts it before others. */
export const moveTo = (pid: number, { core, first }: Pick<Start, 'core' | 'first'>): void => {
  if (core !== undefined) spawnSync('taskset', ['-a', '-c', '-p', String(core), String(pid)]);
  if (!first) return;
  for (const thread of readdirSync(`/proc/${pid}/task`))
    spawnSync('renice', ['-n', String(NICE), '-p', thread]);
  raiseSession(pid);
};

const NICE = -20;

/** Whether this user may put processes before those of others: then a neighbour's work disturbs little. */
export const mayGoFirst = (): boolean =>
  spawnSync('nice', ['-n', String(NICE), 'nice'], { encoding: 'utf8' }).stdout?.trim() === String(NICE);

/** Linux weighs sessions against each other before it looks at their processes; where it does not, there is no such file. */
const raiseSession = (pid: number): void => {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(NICE));
  } catch {
    // the kernel has no such groups
  }
};

export interface Start {
  readonly core?: number | undefined;
  /** Put before the processes of others. */
  readonly first?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly nodeArgs?: readonly string[];
  /** A file descriptor for its output. */
  readonly log?: number;
}

const running = new Set<ChildProcess>();
const STOP_WITHIN_MS = 15_000;

/** Starts a Node program of ours, pinned to its core; the id of the process is the program's own. */
export const startNode = (
  entry: string,
  args: readonly string[],
  { core, first = false, env, nodeArgs = [], log }: Start = {},
): ChildProcess => {
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', ...nodeArgs, entry, ...args];
  const ahead = first ? ['nice', '-n', String(NICE)] : [];
  const [command = '', ...rest] = [
    ...ahead,
    ...(core === undefined ? [] : ['taskset', '-c', String(core)]),
    ...node,
  ];
  const output = log ?? 'ignore';
  const stdio: StdioOptions = ['ignore', output, log ?? 'inherit', 'ipc'];
  // Ctrl-C is for the benchmark itself, which then ends what it has started.
  const child = spawn(command, rest, { env: env ?? process.env, stdio, detached: true });
  if (first && child.pid !== undefined) raiseSession(child.pid);
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
};

const isGone = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Asks it to stop, waits, and kills it after a bound. */
export const stopProcess = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (isGone(child)) return resolve();
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });

export const killAll = (): void => {
  for (const child of running) child.kill('SIGKILL');
};

/** The first message of a child that `fits`. Rejects when it ends before, or stays silent for too long. */
export const messageFrom = <T>(
  child: ChildProcess,
  fits: (message: unknown) => message is T,
  withinMs: number,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const done = (settle: () => void): void => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      settle();
    };
    const onMessage = (message: unknown): void => {
      if (fits(message)) done(() => resolve(message));
    };
    const onExit = (): void =>
      done(() => reject(new Error('a process ended before it had said what was waited for')));
    const timer = setTimeout(
      () => done(() => reject(new Error('a process did not answer in time'))),
      withinMs,
    );
    child.on('message', onMessage);
    child.once('exit', onExit);
    if (isGone(child)) onExit();
  });

import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readJson, writePrivateFile } from './data-dir.ts';
import { freePort } from './ports.ts';
import { identityOf, isRunning, terminate } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** How to start a server's process. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
}

/** One kind of server, as far as starting and stopping it needs to know. */
export interface Recipe {
  readonly name: string;
  readonly folder: string;
  readonly stopSignal: NodeJS.Signals;
  /** Finds the program, makes the data and writes the configuration for this port. */
  prepare(port: number): Promise<Launch>;
  /** Removes what a killed process of this server left in the way of the next. */
  clear?(): Promise<void>;
  /** Hands a server that an earlier release may have started the configuration of this one. */
  refresh?(running: { readonly pid: number; readonly port: number }): void;
  /** Resolves with the server's version when what listens there knows our secret; rejects otherwise. */
  probe(port: number): Promise<string>;
}

interface Running extends ProcessIdentity {
  readonly port: number;
  readonly launch: Launch;
}

export type Progress = (line: string) => void;

const READY_WITHIN_MS = 30_000;
const ADOPT_WITHIN_MS = 5_000;
const LOG_KEPT_BYTES = 5 << 20;
const WATCH_EVERY_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/**
 * A server process of our own. It outlives this process when this one is killed, and the next start adopts it again:
 * what runs is written beside its data, and counts only when the process is that very one and answers to our secret.
 */
export class ManagedServer {
  readonly origin: 'adopted' | 'started';
  readonly version: string;
  private readonly recipe: Recipe;
  private readonly onProgress: Progress;
  private running: Running;
  private stopping = false;
  private watching: Promise<void> | undefined;

  private constructor(
    recipe: Recipe,
    origin: 'adopted' | 'started',
    running: Running,
    version: string,
    onProgress: Progress,
  ) {
    this.recipe = recipe;
    this.origin = origin;
    this.running = running;
    this.version = version;
    this.onProgress = onProgress;
  }

  static async adoptOrStart(recipe: Recipe, onProgress: Progress): Promise<ManagedServer> {
    const recorded = readJson<Running>(stateFile(recipe));
    if (recorded && isRunning(recorded)) {
      const version = await answersWithin(recipe, recorded, ADOPT_WITHIN_MS).catch(() => undefined);
      if (version) {
        recipe.refresh?.(recorded);
        return new ManagedServer(recipe, 'adopted', recorded, version, onProgress);
      }
      await terminate(recorded, recipe.stopSignal);
    }
    const { running, version } = await startOnFreePort(recipe, recorded?.port);
    return new ManagedServer(recipe, 'started', running, version, onProgress);
  }

  get pid(): number {
    return this.running.pid;
  }

  get port(): number {
    return this.running.port;
  }

  /** To start the same server again by hand, as a test does after killing it. */
  get launch(): Launch {
    return this.running.launch;
  }

  /** From now on a server that dies is started again on the same port. */
  supervise(): void {
    this.watching ??= this.watch();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.watching;
    await terminate(this.running, this.recipe.stopSignal);
  }

  private async watch(): Promise<void> {
    let pauseMs = WATCH_EVERY_MS;
    while (!this.stopping) {
      await delay(WATCH_EVERY_MS);
      if (this.stopping || isRunning(this.running)) continue;
      this.onProgress(`${this.recipe.name} died: starting it again`);
      try {
        await this.recipe.clear?.();
        this.running = start(this.recipe, this.running.port, this.running.launch);
        await answersWithin(this.recipe, this.running, READY_WITHIN_MS);
        this.onProgress(`${this.recipe.name} runs again (process ${this.running.pid})`);
        pauseMs = WATCH_EVERY_MS;
      } catch (error) {
        this.onProgress(`${this.recipe.name} does not start: ${(error as Error).message}`);
        await delay(pauseMs);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
  }
}

const stateFile = (recipe: Recipe): string => path.join(recipe.folder, 'state.json');
const logFile = (recipe: Recipe): string => path.join(recipe.folder, 'server.log');

/** Between finding a port free and listening on it, somebody else may take it: then another one is tried. */
async function startOnFreePort(
  recipe: Recipe,
  preferred: number | undefined,
): Promise<{ running: Running; version: string }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(attempt === 1 ? preferred : 0);
    const launch = await recipe.prepare(port);
    await recipe.clear?.();
    const running = start(recipe, port, launch);
    try {
      return { running, version: await answersWithin(recipe, running, READY_WITHIN_MS) };
    } catch (error) {
      await terminate(running, 'SIGKILL');
      if (attempt === 3) throw error;
    }
  }
}

function start(recipe: Recipe, port: number, launch: Launch): Running {
  const log = openLog(logFile(recipe));
  const child = spawn(launch.command, launch.args, {
    stdio: ['ignore', log, log],
    detached: true, // a Ctrl-C in the terminal is for us: we stop the servers last
    cwd: recipe.folder,
    env: { ...ownEnvironment(), ...launch.env },
    ...(launch.uid === undefined ? {} : { uid: launch.uid, gid: launch.gid }),
  });
  child.on('error', () => undefined); // seen below: it has no pid
  closeSync(log);
  child.unref();
  const identity = child.pid === undefined ? undefined : identityOf(child.pid);
  if (!identity) throw new Error(`${recipe.name}: ${launch.command} does not start`);
  const running = { ...identity, port, launch };
  writePrivateFile(stateFile(recipe), JSON.stringify(running));
  return running;
}

/** Servers get no more of our environment than they need: it may hold other parties' keys. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR };
}

function openLog(file: string): number {
  try {
    if (statSync(file).size > LOG_KEPT_BYTES) renameSync(file, `${file}.old`);
  } catch {
    // the first start
  }
  return openSync(file, 'a', 0o600);
}

async function answersWithin(recipe: Recipe, running: Running, ms: number): Promise<string> {
  const end = performance.now() + ms;
  for (;;) {
    try {
      return await recipe.probe(running.port);
    } catch (error) {
      if (!isRunning(running))
        throw new Error(`${recipe.name} ended at once: ${lastLines(logFile(recipe))}`, { cause: error });
      if (performance.now() > end)
        throw new Error(`${recipe.name} does not answer: ${(error as Error).message}`, { cause: error });
      await delay(20);
    }
  }
}

function lastLines(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-3).join(' | ');
  } catch {
    return 'it left no log';
  }
}

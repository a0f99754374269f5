import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import { ROOT } from '../paths.ts';

const READY_WITHIN_MS = 60_000;
const READY_ASK_EVERY_MS = 50;
/** Longer than the services' own drain, so that a call in progress is not cut by us. */
const STOP_WITHIN_MS = 35_000;
const RESTART_AFTER_MS = 250;
const RESTART_AT_MOST_AFTER_MS = 10_000;
/** A process that has lived this long has started well: the next restart is quick again. */
const HEALTHY_AFTER_MS = 30_000;
const LOG_BYTES_MAX = 20 * 1024 * 1024;
const LOG_TAIL_LINES = 25;

export interface ProcessPlan {
  readonly name: string;
  /** The built entry file. */
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** Asked until it answers 200, e.g. "/health/ready"; without one, the child's own word is enough. */
  readonly readyPath?: string;
}

/** What a child says through its channel when it is up. */
export interface ReadyMessage {
  readonly ready: true;
  readonly url: string;
  readonly [key: string]: unknown;
}

const isReady = (message: unknown): message is ReadyMessage =>
  typeof message === 'object' && message !== null && (message as { ready?: unknown }).ready === true;

const openLog = (path: string): number => {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path) && statSync(path).size > LOG_BYTES_MAX) renameSync(path, `${path}.old`);
  return openSync(path, 'a', 0o600);
};

/** The young generation of V8's own choice takes more memory in a busy bridge than a hundred calls do. */
const NODE_FLAGS = ['--enable-source-maps', '--max-semi-space-size=8'];

/** One child process that is started, watched, started again when it dies, and stopped. */
export class SupervisedProcess {
  readonly plan: ProcessPlan;
  private readonly onChange: () => void;
  private child: ChildProcess | undefined;
  private readyMessage: ReadyMessage | undefined;
  private stopping = false;
  private restartDelayMs = RESTART_AFTER_MS;
  private restartTimer: NodeJS.Timeout | undefined;

  /** @param onChange called when the process id or the address has changed */
  constructor(plan: ProcessPlan, onChange: () => void) {
    this.plan = plan;
    this.onChange = onChange;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  get ready(): ReadyMessage {
    if (!this.readyMessage) throw new Error(`${this.plan.name} is not up`);
    return this.readyMessage;
  }

  get url(): string {
    return this.ready.url;
  }

  /** Starts it and waits until it says that it is up. @throws Failure with the end of its log when it does not */
  async start(): Promise<void> {
    const child = this.spawn();
    this.onChange();
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string): void =>
        reject(
          new Failure(
            `${this.plan.name} ${why}\n${this.logTail()}`,
            `Its whole log is in ${this.plan.logFile}.`,
          ),
        );
      const timer = setTimeout(() => fail(`was not up within ${READY_WITHIN_MS / 1000} s`), READY_WITHIN_MS);
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        fail(`ended while starting (${signal ?? `status ${code}`})`);
      });
      child.on('message', (message) => {
        if (!isReady(message)) return;
        clearTimeout(timer);
        this.readyMessage = message;
        resolve();
      });
    });
    this.onChange();
    child.removeAllListeners('exit');
    this.watch(child);
    await this.untilFit();
  }

  /** Listening is not yet being fit for work: settings may still be on their way. */
  private async untilFit(): Promise<void> {
    if (!this.plan.readyPath) return;
    const untilMs = performance.now() + READY_WITHIN_MS;
    for (;;) {
      const answer = await fetch(this.url + this.plan.readyPath).catch(() => undefined);
      if (answer?.ok) return;
      if (performance.now() > untilMs || this.stopping) {
        throw new Failure(
          `${this.plan.name} is up but not ready: ${answer ? await answer.text() : 'no answer'}`,
          `Its log is in ${this.plan.logFile}.`,
        );
      }
      await wait(READY_ASK_EVERY_MS);
    }
  }

  /** Asks it to finish what it is doing and waits; after a bound it is killed. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restartTimer);
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
      child.kill('SIGTERM');
    });
  }

  private spawn(): ChildProcess {
    const log = openLog(this.plan.logFile);
    // A restarted process takes its old port again: the front door and Twilio keep their addresses.
    const port = this.readyMessage ? new URL(this.readyMessage.url).port : this.plan.env.PORT;
    // A group of its own: Ctrl-C reaches the supervisor alone, which stops everything in its order.
    const child = spawn(process.execPath, [...NODE_FLAGS, this.plan.entry], {
      cwd: ROOT,
      env: { ...this.plan.env, PORT: port },
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    });
    closeSync(log);
    this.child = child;
    return child;
  }

  private watch(child: ChildProcess): void {
    const startedMs = performance.now();
    const onExit = (): void => {
      if (this.stopping) return;
      if (performance.now() - startedMs > HEALTHY_AFTER_MS) this.restartDelayMs = RESTART_AFTER_MS;
      this.restartTimer = setTimeout(() => this.restart(), this.restartDelayMs);
      this.restartDelayMs = Math.min(this.restartDelayMs * 2, RESTART_AT_MOST_AFTER_MS);
    };
    if (child.exitCode !== null || child.signalCode !== null) onExit();
    else child.once('exit', onExit);
  }

  private restart(): void {
    if (this.stopping) return;
    const child = this.spawn();
    child.on('message', (message) => {
      if (!isReady(message)) return;
      this.readyMessage = message;
      this.onChange();
    });
    this.onChange();
    this.watch(child);
  }

  private logTail(): string {
    if (!existsSync(this.plan.logFile)) return '';
    return readFileSync(this.plan.logFile, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
  }
}

import { randomBytes } from 'node:crypto';
import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { log } from './telemetry/log.js';
import { maskText } from './telemetry/redaction.js';

/** True when ready; otherwise why not, in words. A throw counts as not ready. */
export type ReadinessCheck = () => boolean | string | Promise<boolean | string>;

export type DrainHook = () => void | Promise<void>;

interface DrainOptions {
  /** Runs after all others: what they still need while they finish, such as the connection to the bus. */
  readonly last?: boolean;
}

/** A probe that waits longer than its caller would is as good as a failed one. */
const CHECK_TIMEOUT_MS = 1_000;

const within = async <R>(promise: Promise<R>, timeoutMs: number, onTimeout: R): Promise<R> => {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<R>((resolve) => {
    timer = setTimeout(() => resolve(onTimeout), timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
};

const outcomeOf = async (check: ReadinessCheck): Promise<boolean | string> => {
  try {
    return await check();
  } catch (error) {
    return maskText(error instanceof Error ? error.message : String(error));
  }
};

/** The life of this process: whether it may take work, and what it does before it goes. */
export class Runtime {
  private readonly checks = new Map<string, ReadinessCheck>();
  private readonly hooks: { name: string; run: DrainHook; last: boolean }[] = [];
  private drained: Promise<void> | undefined;

  constructor(readonly instance: string = randomBytes(6).toString('hex')) {}

  readonly readiness = {
    /** Ready only while `check` says so; the reason is shown to whoever asks `GET /health/ready`. */
    register: (name: string, check: ReadinessCheck): void => {
      this.checks.set(name, check);
    },
  };

  /** True from the moment the process was told to stop. */
  get draining(): boolean {
    return this.drained !== undefined;
  }

  /** Runs when the process is told to stop: finish the work in hand, take no more. Hooks run side by side, `last` ones after them. */
  onDrain(name: string, run: DrainHook, { last = false }: DrainOptions = {}): void {
    this.hooks.push({ name, run, last });
  }

  /** Why this process takes no work now; empty when it does. */
  async reasonsNotReady(): Promise<Record<string, string>> {
    if (this.draining) return { drain: 'draining' };
    const outcomes = await Promise.all(
      [...this.checks].map(async ([name, check]): Promise<[string, boolean | string]> => [
        name,
        await within(outcomeOf(check), CHECK_TIMEOUT_MS, `no answer within ${CHECK_TIMEOUT_MS} ms`),
      ]),
    );
    return Object.fromEntries(
      outcomes.flatMap(([name, outcome]) =>
        outcome === true ? [] : [[name, outcome === false ? 'not ready' : outcome]],
      ),
    );
  }

  /** Runs the drain hooks once, each bounded by `timeoutMs`; one that fails or hangs does not keep the others from running. */
  drain(timeoutMs: number): Promise<void> {
    this.drained ??= this.runHooks(timeoutMs);
    return this.drained;
  }

  private async runHooks(timeoutMs: number): Promise<void> {
    // Readiness turns before the first hook runs: `drained` is assigned when this first yields.
    await Promise.resolve();
    for (const last of [false, true]) {
      await Promise.all(
        this.hooks
          .filter((hook) => hook.last === last)
          .map(async ({ name, run }) => {
            const outcome = await within(
              (async () => run())().then(
                () => undefined,
                (error: unknown) => ({ error }),
              ),
              timeoutMs,
              { error: `not done within ${timeoutMs} ms` },
            );
            if (outcome !== undefined) log.warn('drain_hook_failed', { hook: name, ...outcome });
          }),
      );
    }
  }
}

/** Makes the process's `Runtime` injectable everywhere. */
@Global()
@Module({ providers: [{ provide: Runtime, useFactory: () => new Runtime() }], exports: [Runtime] })
export class RuntimeModule {
  static for(runtime: Runtime): DynamicModule {
    return {
      module: RuntimeModule,
      providers: [{ provide: Runtime, useValue: runtime }],
      exports: [Runtime],
    };
  }
}

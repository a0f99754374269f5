import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const MAIN = path.join(import.meta.dirname, '..', 'src', 'main.ts');

export interface Addresses {
  readonly postgres: {
    url: string;
    pid: number;
    origin: string;
    databases: Record<string, { serviceUrl: string }>;
  };
  readonly nats: {
    url: string;
    pid: number;
    origin: string;
    credentials: Record<string, { NATS_PASSWORD: string }>;
  };
  readonly redis: { url: string; pid: number; origin: string };
}

export interface Tool {
  readonly process: ChildProcess;
  readonly addresses: Addresses;
  /** What it told on standard error. */
  told(): string;
  interrupt(): Promise<number | null>;
}

/** Starts the tool as people do, and resolves when everything answers. @throws what it complained about */
export async function startTool(
  dataDir: string,
  env: NodeJS.ProcessEnv = {},
  args: readonly string[] = [],
): Promise<Tool> {
  const { PATH, HOME, XDG_CACHE_HOME } = process.env;
  const tool = spawn(process.execPath, [MAIN, '--data-dir', dataDir, '--json', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, HOME, XDG_CACHE_HOME, ...env },
  });
  let told = '';
  let printed = '';
  tool.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const ready = new Promise<boolean>((resolve) => {
    tool.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes('\n')) resolve(true);
    });
    tool.once('exit', () => resolve(false));
  });
  if (!(await ready)) throw new Error(told);
  return {
    process: tool,
    addresses: JSON.parse(printed) as Addresses,
    told: () => told,
    interrupt: async () => {
      const exited = once(tool, 'exit');
      tool.kill('SIGINT');
      const [status] = (await exited) as [number | null];
      return status;
    },
  };
}

/** A dead process that nobody has reaped yet does not run. */
export function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

export async function eventually<T>(check: () => T | Promise<T>, timeoutMs = 20_000): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > end) throw error;
      await pause(20);
    }
  }
}

import { spawn } from 'node:child_process';
import { Failure } from '../failure.ts';
import { ROOT } from '../paths.ts';

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Called with each whole line of output. */
  readonly onLine?: (line: string) => void;
  /** What to do when it fails, for the reader of the error. */
  readonly cure?: string;
}

const KEPT_LINES = 60;

/** Runs a program to its end. @throws Failure with its last lines when it ends with a status other than 0. */
export const run = (command: string, args: readonly string[], options: RunOptions = {}): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? ROOT,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const last: string[] = [];
    const hear = (stream: NodeJS.ReadableStream): void => {
      let rest = '';
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          last.push(line);
          if (last.length > KEPT_LINES) last.shift();
          options.onLine?.(line);
        }
      });
    };
    hear(child.stdout);
    hear(child.stderr);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) return resolve();
      const how = signal ? `was ended by ${signal}` : `ended with status ${code}`;
      reject(new Failure(`${[command, ...args].join(' ')} ${how}:\n${last.join('\n')}`, options.cure));
    });
  });

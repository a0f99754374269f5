import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const TOOL = fileURLToPath(new URL('../../../../tools/embedded-servers/src/main.ts', import.meta.url));
const READY_WITHIN_MS = 300_000; // the first run on a machine downloads

/** Where the global set-up leaves the Postgres of this run for the tests. */
export const POSTGRES_VARIABLE = 'TRADELINE_TEST_POSTGRES';

/** How to start a server's process again. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
}

/** As tools/embedded-servers prints one server. */
export interface Server {
  readonly url: string;
  readonly pid: number;
  readonly version: string;
  readonly launch: Launch;
}

export interface ServerTool<Addresses> {
  readonly addresses: Addresses;
  stop(): Promise<void>;
}

/**
 * Starts throw-away servers in a process of their own, which ends with us even when we are killed: it waits for the
 * end of its standard input.
 */
export async function startServerTool<Addresses>(
  only: 'postgres' | 'nats' | 'redis',
): Promise<ServerTool<Addresses>> {
  const args = [TOOL, '--ephemeral', '--json', '--no-restart', '--until-stdin-ends', '--only', only];
  const { POSTGRES_URL: _, NATS_URL: __, REDIS_URL: ___, ...env } = process.env; // a test never touches given servers
  const tool = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...env, NODE_OPTIONS: '' },
  });
  const exited = once(tool, 'exit');
  let complaints = '';
  tool.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const line = await firstLine(tool.stdout, exited);
  if (line === undefined) {
    tool.kill('SIGKILL');
    throw new Error(`no ${only} for the tests: ${complaints.trim()}`);
  }
  return {
    addresses: (JSON.parse(line) as Record<string, Addresses>)[only] as Addresses,
    stop: async () => {
      tool.stdin.end();
      await exited;
    },
  };
}

function firstLine(output: NodeJS.ReadableStream, exited: Promise<unknown>): Promise<string | undefined> {
  return new Promise((resolve) => {
    const tooLong = setTimeout(() => resolve(undefined), READY_WITHIN_MS);
    const settle = (line: string | undefined) => {
      clearTimeout(tooLong);
      resolve(line);
    };
    let text = '';
    output.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const end = text.indexOf('\n');
      if (end >= 0) settle(text.slice(0, end));
    });
    void exited.then(() => settle(undefined));
  });
}

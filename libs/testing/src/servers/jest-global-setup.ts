import { fileURLToPath } from 'node:url';

/** jest loads set-up and teardown apart, so what one starts reaches the other through the process. */
export interface RunServers {
  tradelineTestServers?: { stop(): Promise<void> };
}

interface Postgres {
  readonly url: string;
  readonly databases: object;
}

/** One throw-away Postgres for the whole run; suites make databases in it. */
export default async function setUp(): Promise<void> {
  // jest resolves this file's imports without its own settings, by which `./x.js` is found as `./x.ts`: so by path.
  const path = fileURLToPath(new URL('./server-tool.ts', import.meta.url));
  const { startServerTool, POSTGRES_VARIABLE } = (await import(path)) as typeof import('./server-tool.js');
  const tool = await startServerTool<Postgres>('postgres');
  (globalThis as RunServers).tradelineTestServers = tool;
  const { url, databases } = tool.addresses;
  process.env[POSTGRES_VARIABLE] = JSON.stringify({ url, databases });
}

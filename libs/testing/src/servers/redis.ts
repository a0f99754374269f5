import { Redis } from 'ioredis';
import { ServerProcess } from './server-process.js';
import { startServerTool } from './server-tool.js';
import type { Server } from './server-tool.js';

export interface TestRedis {
  /** Carries the password. */
  readonly url: string;
  stop(): Promise<void>;
  /** Ends it as a power cut would; it holds nothing when `restart` brings it back. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** Forgets everything while clients stay connected. */
  wipe(): Promise<void>;
}

export async function startRedis(): Promise<TestRedis> {
  const tool = await startServerTool<Server>('redis');
  const { url } = tool.addresses;
  const server = new ServerProcess(tool.addresses);
  return {
    url,
    kill: () => server.kill(),
    restart: () => server.restart(),
    wipe: () => wipe(url),
    stop: async () => {
      server.end();
      await tool.stop();
    },
  };
}

async function wipe(url: string): Promise<void> {
  const client = new Redis(url);
  try {
    await client.flushall();
  } finally {
    client.disconnect();
  }
}

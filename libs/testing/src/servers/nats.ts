import { ensureStreams } from '@tradeline/messaging';
import type { BusCredentials } from '@tradeline/messaging';
import { ServerProcess } from './server-process.js';
import { startServerTool } from './server-tool.js';
import type { Server } from './server-tool.js';

/** A private bus with every service's own permissions and all streams made. */
export interface TestNats {
  readonly url: string;
  /** How a service signs in. */
  credentials(service: string): BusCredentials;
  /** May do everything. */
  readonly admin: BusCredentials;
  /** Ends it and forgets what it held. */
  stop(): Promise<void>;
  /** Ends it as a power cut would; `restart` brings it back with what it held. */
  kill(): Promise<void>;
  restart(): Promise<void>;
}

interface NatsServer extends Server {
  readonly credentials: Readonly<Record<string, BusCredentials>>;
}

export async function startNats(): Promise<TestNats> {
  const tool = await startServerTool<NatsServer>('nats');
  const server = new ServerProcess(tool.addresses);
  const credentials = (user: string): BusCredentials => {
    const found = tool.addresses.credentials[user];
    if (!found) throw new Error(`no bus user "${user}"`);
    return found;
  };
  const admin = credentials('migrator');
  await ensureStreams(admin);
  return {
    url: tool.addresses.url,
    credentials,
    admin,
    kill: () => server.kill(),
    restart: () => server.restart(),
    stop: async () => {
      server.end();
      await tool.stop();
    },
  };
}

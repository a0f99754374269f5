import type { RunServers } from './jest-global-setup.js';

export default async function tearDown(): Promise<void> {
  await (globalThis as RunServers).tradelineTestServers?.stop();
}

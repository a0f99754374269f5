import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually, runs, startTool } from './tool.ts';
import type { Addresses, Tool } from './tool.ts';

/** The first run on a machine downloads. */
const WITHIN_MS = 300_000;

let dataDir: string;
let tools: Tool[];
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'servers-'));
  tools = [];
});
afterEach(async () => {
  for (const tool of tools)
    if (tool.process.exitCode === null && tool.process.signalCode === null) await tool.interrupt();
  rmSync(dataDir, { recursive: true, force: true });
});

const start = async (env: NodeJS.ProcessEnv = {}, args: readonly string[] = []) => {
  const tool = await startTool(dataDir, env, args);
  tools.push(tool);
  return tool;
};
const pidsOf = ({ postgres, nats, redis }: Addresses) => [postgres.pid, nats.pid, redis.pid];
const ask = async (url: string, sql: string) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ answer: unknown }>(sql)).rows[0]?.answer;
  } finally {
    await client.end();
  }
};

describe('the embedded servers', () => {
  it(
    'come up from nothing, and leave no process behind',
    async () => {
      const tool = await start();
      const pids = pidsOf(tool.addresses);
      expect(pids.map(runs)).toEqual([true, true, true]);
      expect(
        await ask(tool.addresses.postgres.databases.leads?.serviceUrl ?? '', 'SELECT current_user AS answer'),
      ).toBe('leads_service');
      expect(await tool.interrupt()).toBe(0);
      expect(pids.map(runs)).toEqual([false, false, false]);
    },
    WITHIN_MS,
  );

  it(
    'show their secrets in no process’s arguments and in no file that others may read',
    async () => {
      const { addresses } = await start();
      const secrets = [
        new URL(addresses.postgres.url).password,
        new URL(addresses.redis.url).password,
        addresses.nats.credentials.notifier?.NATS_PASSWORD ?? '',
      ];
      const commandLines = readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map((pid) => textOf(`/proc/${pid}/cmdline`));
      const holding = filesBelow(dataDir).filter((file) =>
        secrets.some((secret) => textOf(file).includes(secret)),
      );
      for (const secret of secrets) expect(commandLines.some((line) => line.includes(secret))).toBe(false);
      expect(holding.length).toBeGreaterThan(0);
      expect(holding.filter((file) => statSync(file).mode & 0o077)).toEqual([]);
    },
    WITHIN_MS,
  );

  it(
    'listen on loopback alone',
    async () => {
      const { addresses } = await start();
      const ports = [addresses.postgres, addresses.nats, addresses.redis].map(({ url }) =>
        Number(new URL(url).port),
      );
      const listening = `${textOf('/proc/net/tcp')}\n${textOf('/proc/net/tcp6')}`
        .split('\n')
        .map((line) => line.trim().split(/\s+/));
      const addressesOf = (port: number) =>
        listening
          .filter(
            ([, local, , state]) =>
              state === '0A' && local?.endsWith(`:${port.toString(16).toUpperCase().padStart(4, '0')}`),
          )
          .map(([, local]) => local?.split(':')[0]);
      for (const port of ports) expect(addressesOf(port)).toEqual(['0100007F']);
    },
    WITHIN_MS,
  );

  it(
    'are adopted again after the supervisor was killed',
    async () => {
      const killed = await start();
      const before = killed.addresses;
      const exited = once(killed.process, 'exit');
      killed.process.kill('SIGKILL');
      await exited;
      expect(pidsOf(before).map(runs)).toEqual([true, true, true]);
      const config = path.join(dataDir, 'servers', 'nats', 'nats.conf');
      writeFileSync(config, '# of an earlier release');
      const { addresses } = await start();
      expect(pidsOf(addresses)).toEqual(pidsOf(before));
      expect(addresses.postgres.origin).toBe('adopted');
      expect(readFileSync(config, 'utf8')).toContain('notifier');
      expect(addresses.postgres.url).toBe(before.postgres.url);
    },
    WITHIN_MS,
  );

  it(
    'start again on the same port, with what they held, when they die',
    async () => {
      const { addresses } = await start();
      await ask(addresses.postgres.url, 'CREATE TABLE kept (id int)');
      for (const pid of pidsOf(addresses)) process.kill(pid, 'SIGKILL');
      const count = () => ask(addresses.postgres.url, 'SELECT count(*)::int AS answer FROM kept');
      expect(await eventually(count)).toBe(0);
    },
    WITHIN_MS,
  );

  it(
    'belong to one process: a second one on the same data is refused',
    async () => {
      const first = await start();
      await expect(start()).rejects.toThrow(`process ${first.process.pid} already uses ${dataDir}`);
      expect(pidsOf(first.addresses).map(runs)).toEqual([true, true, true]);
    },
    WITHIN_MS,
  );

  it(
    'keep nothing when they are for a test',
    async () => {
      const tool = await start({}, ['--ephemeral', '--only', 'nats']);
      await tool.interrupt();
      expect(readdirSync(dataDir)).toEqual([]);
    },
    WITHIN_MS,
  );
});

describe('a server in the environment', () => {
  it(
    'is used and never managed',
    async () => {
      const owner = await start({}, ['--only', 'redis']);
      const other = mkdtempSync(path.join(tmpdir(), 'servers-'));
      const user = await startTool(other, { REDIS_URL: owner.addresses.redis.url }, ['--only', 'redis']);
      expect(user.addresses.redis).toMatchObject({ origin: 'environment', url: owner.addresses.redis.url });
      await user.interrupt();
      expect(runs(owner.addresses.redis.pid)).toBe(true);
      rmSync(other, { recursive: true });
    },
    WITHIN_MS,
  );

  it.each([
    ['POSTGRES_URL', 'postgres://u:secret@127.0.0.1:9/postgres'],
    ['NATS_URL', 'nats://u:secret@127.0.0.1:9'],
    ['REDIS_URL', 'redis://:secret@127.0.0.1:9'],
  ])(
    'that does not answer is named by its variable %s, without its password',
    async (name, url) => {
      const only = ['--only', name.split('_')[0]?.toLowerCase() ?? ''];
      const attempt = start({ [name]: url }, only);
      await expect(attempt).rejects.toThrow(`the server of ${name} cannot be used`);
      await expect(attempt).rejects.not.toThrow('secret');
    },
    WITHIN_MS,
  );

  it(
    'with another installation’s databases is left alone',
    async () => {
      const { url } = JSON.parse(process.env.TRADELINE_TEST_POSTGRES ?? '{}') as { url: string };
      await expect(start({ POSTGRES_URL: url }, ['--only', 'postgres'])).rejects.toThrow('no passwords for');
    },
    WITHIN_MS,
  );
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return ''; // it went away meanwhile
  }
}

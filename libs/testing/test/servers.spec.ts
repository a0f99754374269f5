import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { jetstreamManager } from '@nats-io/jetstream';
import { Redis } from 'ioredis';
import pg from 'pg';
import { eventually, startNats, startRedis, testDatabase } from '../src/servers/index.js';
import type { TestDatabase, TestNats, TestRedis } from '../src/servers/index.js';

const DOMAIN = 'leads';

describe('testDatabase', () => {
  let one: TestDatabase;
  let other: TestDatabase;

  beforeAll(async () => {
    [one, other] = await Promise.all([testDatabase(DOMAIN), testDatabase(DOMAIN)]);
  });
  afterAll(async () => {
    await Promise.all([one.drop(), other.drop()]);
  });

  const ask = async (url: string, sql: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<{ answer: unknown }>(sql)).rows[0]?.answer;
    } finally {
      await client.end();
    }
  };

  it('gives every suite a migrated database of its own', async () => {
    await ask(
      one.ownerUrl,
      "INSERT INTO data_keys (tenant_id, purpose, wrapped_key) VALUES ('tn_1', 'tenant', 'x')",
    );
    expect(await ask(one.ownerUrl, 'SELECT count(*)::int AS answer FROM data_keys')).toBe(1);
    expect(await ask(other.ownerUrl, 'SELECT count(*)::int AS answer FROM data_keys')).toBe(0);
  });

  it('signs in with the least-privileged roles', async () => {
    expect(await ask(one.serviceUrl, 'SELECT current_user AS answer')).toBe('leads_service');
    expect(await ask(one.relayUrl, 'SELECT current_user AS answer')).toBe('leads_relay');
    await expect(ask(one.serviceUrl, 'CREATE TABLE mine (id int)')).rejects.toThrow('permission denied');
  });
});

describe('startNats', () => {
  let nats: TestNats;

  beforeAll(async () => {
    nats = await startNats();
  });
  afterAll(() => nats.stop());

  const streams = async () => {
    const { NATS_URL, NATS_USER, NATS_PASSWORD } = nats.admin;
    const connection = await connect({
      servers: NATS_URL,
      user: NATS_USER,
      pass: NATS_PASSWORD,
      inboxPrefix: '_INBOX_migrator',
    });
    try {
      const manager = await jetstreamManager(connection);
      return (await manager.streams.list().next()).map(({ config }) => config.name);
    } finally {
      await connection.close();
    }
  };

  it('has the streams made, and keeps them over a kill', async () => {
    expect(await streams()).toContain('LEADS');
    await nats.kill();
    await nats.restart();
    expect(await eventually(streams)).toContain('LEADS');
  });

  it("lets a service sign in with its own user and refuses another's password", async () => {
    const notifier = nats.credentials('notifier');
    const connection = await connect({
      servers: nats.url,
      user: notifier.NATS_USER,
      pass: notifier.NATS_PASSWORD,
    });
    await connection.close();
    await expect(
      connect({ servers: nats.url, user: 'notifier', pass: nats.admin.NATS_PASSWORD, reconnect: false }),
    ).rejects.toThrow();
  });
});

describe('startRedis', () => {
  let redis: TestRedis;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  it('forgets everything when it is wiped, and comes back on its port when it was killed', async () => {
    const client = new Redis(redis.url);
    client.on('error', () => undefined);
    await client.set('key', 'value');
    await redis.wipe();
    expect(await client.get('key')).toBeNull();
    await redis.kill();
    await redis.restart();
    expect(await client.ping()).toBe('PONG');
    client.disconnect();
  });
});

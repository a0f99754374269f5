import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Controller, type Type } from '@nestjs/common';
import { LeadQualifiedSchema, type LeadQualified } from '@tradeline/contracts';
import {
  appendEvent,
  OnEvent,
  processOnce,
  type Delivery,
  type OutboxTransaction,
} from '@tradeline/messaging';
import { TenantKeys } from '@tradeline/service-runtime';
import { eventually, startNats, testDatabase } from '@tradeline/testing';
import { Client } from 'pg';
import { startService, type ServiceOnTheBus } from './service-on-the-bus.js';

// Real servers start in seconds when the machine is busy.
jest.setTimeout(60_000);

const PATIENT = { timeoutMs: 20_000 };

let nats: Awaited<ReturnType<typeof startNats>>;
let db: Awaited<ReturnType<typeof testDatabase>>;
let keys: TenantKeys;
let running: ServiceOnTheBus[] = [];
let client: Client;

beforeAll(async () => {
  nats = await startNats();
});
afterAll(() => nats.stop());
beforeEach(async () => {
  db = await testDatabase('leads');
  keys = new TenantKeys({ masterKey: Buffer.from(db.masterKey, 'base64'), domain: 'leads' });
  client = new Client({ connectionString: db.serviceUrl });
  await client.connect();
});
afterEach(async () => {
  await Promise.all(running.map((service) => service.stop()));
  running = [];
  await client.end();
  await db.drop();
});

/** A transaction of one tenant, on the service's own role. */
const inTenant = async <R>(tenantId: string, work: (tx: OutboxTransaction) => Promise<R>): Promise<R> => {
  const tx: OutboxTransaction = {
    $executeRawUnsafe: async (sql, ...values) => (await client.query(sql, values)).rowCount ?? 0,
  };
  await client.query('BEGIN');
  try {
    await client.query("SELECT set_config('app.tenant_id', $1, true)", [tenantId]);
    const result = await work(tx);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
};

const startQualifier = async (instance = 'one'): Promise<ServiceOnTheBus> => {
  const service = await startService({
    service: 'lead-qualifier',
    env: { ...nats.credentials('lead-qualifier'), INSTANCE_ID: instance },
    outbox: { relayUrl: db.relayUrl, keys },
  });
  running.push(service);
  return service;
};

/** The notifier, remembering the leads that it heard of. */
const startNotifier = async (): Promise<string[]> => {
  const heard: string[] = [];
  @Controller()
  class HearLeads {
    @OnEvent(LeadQualifiedSchema, 'sync-crm-when-lead-qualified')
    async hear(event: LeadQualified, { tenantId }: Delivery): Promise<void> {
      heard.push(`${tenantId} ${event.leadId}`);
    }
  }
  const controllers: Type<unknown>[] = [HearLeads];
  running.push(await startService({ service: 'notifier', env: nats.credentials('notifier') }, controllers));
  return heard;
};

const qualify = (tenantId: string, leadId: string): Promise<string> =>
  inTenant(tenantId, (tx) => appendEvent(tx, keys, LeadQualifiedSchema, { leadId }, { tenantId }));

const owed = async (): Promise<number> => {
  const relay = new Client({ connectionString: db.relayUrl });
  await relay.connect();
  const { rowCount } = await relay.query('SELECT event_id FROM outbox_events');
  await relay.end();
  return rowCount ?? 0;
};

describe('the outbox', () => {
  it('publishes what a transaction committed, of every tenant, and keeps nothing of it', async () => {
    const heard = await startNotifier();
    await startQualifier();
    await qualify('tn_a', 'ld_1');
    await qualify('tn_b', 'ld_2');
    await eventually(() => expect([...heard].sort()).toEqual(['tn_a ld_1', 'tn_b ld_2']));
    await eventually(async () => expect(await owed()).toBe(0));
  });

  it('publishes nothing of a transaction that was rolled back', async () => {
    const heard = await startNotifier();
    await startQualifier();
    const failing = inTenant('tn_a', async (tx) => {
      await appendEvent(tx, keys, LeadQualifiedSchema, { leadId: 'ld_never' }, { tenantId: 'tn_a' });
      throw new Error('the lead could not be saved');
    });
    await expect(failing).rejects.toThrow('the lead could not be saved');
    await qualify('tn_a', 'ld_3');
    await eventually(() => expect(heard).toContain('tn_a ld_3'));
    expect(heard).not.toContain('tn_a ld_never');
  });

  it('lies sealed until it is published', async () => {
    await qualify('tn_a', 'ld_readable');
    const relay = new Client({ connectionString: db.relayUrl });
    await relay.connect();
    const { rows } = await relay.query<{ payload: Buffer }>('SELECT payload FROM outbox_events');
    await relay.end();
    expect(rows).toHaveLength(1);
    expect(rows[0]?.payload.includes('ld_readable')).toBe(false);
  });

  it('refuses an event of another tenant than the transaction is for', async () => {
    const crossing = inTenant('tn_a', (tx) =>
      appendEvent(tx, keys, LeadQualifiedSchema, { leadId: 'ld_x' }, { tenantId: 'tn_b' }),
    );
    await expect(crossing).rejects.toThrow(/row-level security/);
  });

  it('survives the bus: what was committed while it was away is heard after, in order', async () => {
    const heard = await startNotifier();
    await startQualifier();
    await qualify('tn_a', 'ld_before');
    await eventually(() => expect(heard).toContain('tn_a ld_before'));
    await nats.kill();
    for (const lead of ['ld_1', 'ld_2', 'ld_3']) await qualify('tn_c', lead);
    await nats.restart();
    await eventually(async () => expect(await owed()).toBe(0), PATIENT);
    await eventually(() => expect(heard.filter((line) => line.startsWith('tn_c'))).toHaveLength(3), PATIENT);
  }, 60_000);

  it('survives the loss of its database connection', async () => {
    const heard = await startNotifier();
    const qualifier = await startQualifier();
    const admin = new Client({ connectionString: db.adminUrl });
    await admin.connect();
    await eventually(async () => {
      const { rowCount } = await admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'lead-qualifier outbox relay' AND datname = current_database()`,
      );
      expect(rowCount).toBe(1);
    });
    await admin.end();
    await qualify('tn_a', 'ld_after');
    await eventually(() => expect(heard).toContain('tn_a ld_after'), PATIENT);
    await eventually(async () => expect(await qualifier.runtime.reasonsNotReady()).toEqual({}));
  }, 30_000);

  it('is relayed by one instance at a time, and by the other when that one goes', async () => {
    const heard = await startNotifier();
    const first = await startQualifier('one');
    await qualify('tn_a', 'ld_1');
    await eventually(() => expect(heard).toEqual(['tn_a ld_1']));
    await startQualifier('two');
    await qualify('tn_a', 'ld_2');
    await eventually(() => expect(heard).toEqual(['tn_a ld_1', 'tn_a ld_2']));
    await first.stop();
    running = running.filter((service) => service !== first);
    await qualify('tn_a', 'ld_3');
    await eventually(() => expect(heard).toEqual(['tn_a ld_1', 'tn_a ld_2', 'tn_a ld_3']), PATIENT);
  }, 30_000);
});

describe('a second delivery', () => {
  const delivery = { tenantId: 'tn_a', eventId: 'ev_1', reaction: 'save-when-heard' };

  it('is known by its mark', async () => {
    expect(await inTenant('tn_a', (tx) => processOnce(tx, delivery))).toBe(true);
    expect(await inTenant('tn_a', (tx) => processOnce(tx, delivery))).toBe(false);
    expect(await inTenant('tn_a', (tx) => processOnce(tx, { ...delivery, reaction: 'other' }))).toBe(true);
  });

  it('is a first one when the first was rolled back', async () => {
    const failing = inTenant('tn_a', async (tx) => {
      await processOnce(tx, delivery);
      throw new Error('no effect');
    });
    await expect(failing).rejects.toThrow('no effect');
    expect(await inTenant('tn_a', (tx) => processOnce(tx, delivery))).toBe(true);
  });
});

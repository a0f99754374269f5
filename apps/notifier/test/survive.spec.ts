import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DeliveryState } from '@tradeline/contracts';
import { eventually } from '@tradeline/testing';
import pg from 'pg';
import { ONE, startNotifier, TWO } from './notifier-under-test.js';
import type { KnownLead, NotifierUnderTest } from './notifier-under-test.js';

jest.setTimeout(120_000);

describe('what a crash leaves', () => {
  let notifier: NotifierUnderTest;
  const untilAllDelivered = (leads: readonly KnownLead[], each: number) =>
    eventually(
      async () => {
        const ids = new Set(leads.map(({ leadId }) => leadId));
        const deliveries = (await notifier.deliveries(ONE)).filter(({ leadId }) => ids.has(leadId));
        expect(deliveries.filter(({ state }) => state === DeliveryState.DELIVERED)).toHaveLength(
          leads.length * each,
        );
      },
      { timeoutMs: 40_000 },
    );
  const callsFiled = () =>
    notifier.hubspot.records('pat-tenant-one').calls.map(({ properties }) => properties['tradeline_call_id']);
  const someLeads = (count: number) => Array.from({ length: count }, () => notifier.aLead(ONE));
  const qualifyAll = (leads: readonly KnownLead[]) =>
    Promise.all(leads.map((lead) => notifier.qualify(lead)));

  beforeAll(async () => {
    notifier = await startNotifier();
    await notifier.connectHubSpot(ONE, 'pat-tenant-one');
  });
  afterAll(() => notifier.stop());

  it('delivers everything when Redis forgets all while jobs are active', async () => {
    const leads = someLeads(20);
    notifier.mailbox.failNext({ kind: 'slow', delayMs: 400 }, 20);
    notifier.hubspot.failNext({ kind: 'slow', delayMs: 300 }, 20, /POST .*\/calls$/);
    await qualifyAll(leads);
    await eventually(() => expect(notifier.mailbox.transmissions).toBeGreaterThan(0));
    await notifier.redis.wipe();
    await untilAllDelivered(leads, 2);
    expect(callsFiled().sort()).toEqual(leads.map(({ callId }) => callId).sort());
  });

  it('takes events while Redis is away, and delivers when it is back empty', async () => {
    const leads = someLeads(5);
    await notifier.redis.kill();
    const late = await notifier.start('late');
    await qualifyAll(leads);
    await eventually(async () => {
      const owed = (await notifier.deliveries(ONE)).filter(({ state }) => state === DeliveryState.OWED);
      expect(owed).toHaveLength(10);
    });
    await notifier.redis.restart();
    await untilAllDelivered(leads, 2);
    await late.stop();
  });

  it('finishes what a killed worker had claimed when its lease ends, under the same Message-ID', async () => {
    const lead = notifier.aLead(ONE);
    notifier.mailbox.failNext({ kind: 'slow', delayMs: 3_000 });
    await notifier.qualify(lead);
    const deliveryId = await eventually(async () => {
      const [row] = await notifier.rows(
        "SELECT delivery_id FROM deliveries WHERE subject_id = $1 AND target = 'smtp' AND claimed_by IS NOT NULL",
        lead.leadId,
      );
      if (!row) throw new Error('not claimed yet');
      return String(row['delivery_id']);
    });
    // The row of a worker that died: it claimed for somebody who will never renew, and its job is nowhere.
    await notifier.rows(
      "UPDATE deliveries SET claimed_by = 'dead:1', claimed_until = now() + interval '1 second' WHERE delivery_id = $1",
      deliveryId,
    );
    await notifier.redis.wipe();
    await untilAllDelivered([lead], 2);
    const [delivery] = await notifier.rows(
      'SELECT attempts, remote_id FROM deliveries WHERE delivery_id = $1',
      deliveryId,
    );
    expect(delivery).toMatchObject({ attempts: 2, remote_id: expect.stringContaining(deliveryId) });
    const attempts = await notifier.rows(
      'SELECT outcome FROM delivery_attempts WHERE delivery_id = $1 ORDER BY attempt',
      deliveryId,
    );
    expect(attempts).toMatchObject([{ outcome: '' }, { outcome: 'delivered' }]);
  });

  it('sends each once when two workers share the work and one stops in the middle', async () => {
    const second = await notifier.start('n2');
    const leads = someLeads(20);
    const before = notifier.mailbox.transmissions;
    notifier.mailbox.failNext({ kind: 'slow', delayMs: 50 }, 20);
    await qualifyAll(leads);
    await eventually(() => expect(notifier.mailbox.transmissions).toBeGreaterThan(before + 3));
    await second.stop();
    await untilAllDelivered(leads, 2);
    expect(notifier.mailbox.transmissions).toBe(before + 20);
    expect(new Set(callsFiled()).size).toBe(callsFiled().length);
  });

  it('delivers what became owed while the bus was away', async () => {
    const lead = notifier.aLead(ONE);
    await notifier.qualify(lead);
    await notifier.nats.kill();
    await notifier.nats.restart();
    await untilAllDelivered([lead], 2);
  });

  describe('the database', () => {
    const queryAs = async (
      url: string,
      tenantId: string,
      sql: string,
    ): Promise<Record<string, unknown>[]> => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        await client.query('BEGIN');
        await client.query("SELECT set_config('app.tenant_id', $1, true)", [tenantId]);
        return (await client.query<Record<string, unknown>>(sql)).rows;
      } finally {
        await client.end();
      }
    };

    it('shows a tenant its own deliveries and nobody else’s, also without a WHERE', async () => {
      const theirs = notifier.aLead(TWO);
      await notifier.qualify(theirs);
      await eventually(async () => expect(await notifier.deliveries(TWO)).toHaveLength(1));
      const seen = await queryAs(
        notifier.database.serviceUrl,
        TWO,
        'SELECT DISTINCT tenant_id FROM deliveries',
      );
      expect(seen).toEqual([{ tenant_id: TWO }]);
      expect(await queryAs(notifier.database.serviceUrl, '', 'SELECT * FROM deliveries')).toEqual([]);
      await expect(
        queryAs(notifier.database.serviceUrl, ONE, `UPDATE deliveries SET tenant_id = '${TWO}' RETURNING 1`),
      ).rejects.toThrow(/row-level security/);
    });

    it('shows the relay which deliveries are owed and nothing about them', async () => {
      const { relayUrl } = notifier.database;
      await eventually(async () => {
        expect(await queryAs(relayUrl, '', 'SELECT delivery_id FROM deliveries')).toEqual([]);
      });
      await expect(queryAs(relayUrl, '', 'SELECT call_id FROM deliveries')).rejects.toThrow(
        /permission denied/,
      );
      await expect(queryAs(relayUrl, '', 'SELECT * FROM connections')).rejects.toThrow(/permission denied/);
    });
  });
});

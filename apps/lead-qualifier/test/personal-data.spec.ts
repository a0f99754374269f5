import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FieldCapturedSchema, FieldName, Speaker, UtteranceTranscribedSchema } from '@tradeline/contracts';
import type { Delivery } from '@tradeline/messaging';
import { newId, TenantKeys } from '@tradeline/service-runtime';
import { testDatabase } from '@tradeline/testing';
import type { TestDatabase } from '@tradeline/testing';
import pg from 'pg';
import { LeadRepository } from '../src/database/lead.repository.js';
import { LeadsDatabase } from '../src/database/prisma.js';
import { TranscriptRepository } from '../src/database/transcript.repository.js';
import type { Lead } from '../src/domain/lead.js';
import { CollectTranscript } from '../src/features/collect-transcript/collect-transcript.js';
import { KeepField } from '../src/features/keep-field/keep-field.js';

const TENANTS = ['tn_left', 'tn_right'] as const;

describe('personal data in the database', () => {
  let server: TestDatabase;
  let database: LeadsDatabase;
  let keys: TenantKeys;

  beforeAll(async () => {
    server = await testDatabase('leads');
    database = LeadsDatabase.connect(server.serviceUrl);
    keys = new TenantKeys({ masterKey: Buffer.from(server.masterKey, 'base64'), domain: 'leads' });
  }, 60_000);

  afterAll(async () => {
    await database?.disconnect();
    await server?.drop();
  });

  const query = async (url: string, sql: string): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };

  const conversationOf = (tenantId: string) => ({
    tenantId,
    callId: `ca_${tenantId}`,
    conversationId: `cv_${tenantId}`,
  });

  const deliveryOf = (tenantId: string, reaction: string, occurredAt = new Date()): Delivery => ({
    eventId: newId('ev'),
    tenantId,
    reaction,
    deliveryCount: 1,
    occurredAt,
  });

  const hear = (tenantId: string, seq: number, delivery: Delivery): Promise<void> =>
    new CollectTranscript(database, new TranscriptRepository(keys)).add(
      create(UtteranceTranscribedSchema, {
        ...conversationOf(tenantId),
        seq,
        speaker: Speaker.CALLER,
        text: `My name is Marie of ${tenantId}`,
      }),
      delivery,
    );

  const capture = (tenantId: string, value: string, delivery: Delivery): Promise<void> =>
    new KeepField(database, new TranscriptRepository(keys)).keep(
      create(FieldCapturedSchema, {
        ...conversationOf(tenantId),
        field: { name: FieldName.CALLER_NAME, value, readBack: true },
      }),
      delivery,
    );

  const leadOf = (tenantId: string): Lead => ({
    ...conversationOf(tenantId),
    leadId: newId('ld'),
    state: 'qualified',
    category: 'lead_capture',
    score: 50,
    reasons: ['new_work'],
    callerName: 'Marie Tremblay',
    callbackNumber: '+16135550142',
    email: 'marie@example.com',
    jobSummary: 'leaking sink',
    preferredDatetime: 'tomorrow',
    summary: 'Marie Tremblay called.',
    toNumber: '+16135550199',
    language: 'en',
    extractedBy: 'rules',
    partial: false,
    dismissalReason: undefined,
    explanation: '',
    lastUtteranceSeq: 2,
    createdAt: new Date(),
  });

  it('is stored once per utterance, however often and by whichever event it is told', async () => {
    for (const tenantId of TENANTS) {
      const delivery = deliveryOf(tenantId, 'collect-transcript-when-utterance-transcribed');
      await Promise.all([hear(tenantId, 1, delivery), hear(tenantId, 1, delivery)]);
      await hear(tenantId, 1, { ...delivery, deliveryCount: 2 });
      await hear(tenantId, 1, { ...delivery, eventId: newId('ev') });
    }
    expect(
      await query(
        server.adminUrl,
        'SELECT tenant_id, count(*)::int AS n FROM utterances GROUP BY 1 ORDER BY 1',
      ),
    ).toEqual([
      { tenant_id: 'tn_left', n: 1 },
      { tenant_id: 'tn_right', n: 1 },
    ]);
  });

  it('keeps the latest value of a field, whatever the order and number of deliveries', async () => {
    const [tenantId] = TENANTS;
    const at = (second: number): Delivery =>
      deliveryOf(tenantId, 'keep-field-when-field-captured', new Date(Date.UTC(2026, 0, 1, 0, 0, second)));
    const first = at(1);
    await capture(tenantId, 'Mary', first);
    await capture(tenantId, 'Marie', at(3));
    await capture(tenantId, 'Mari', at(2));
    await capture(tenantId, 'Mary', first);
    const transcripts = new TranscriptRepository(keys);
    const fields = await database.inTenant(tenantId, (tx) =>
      transcripts.fieldsOf(tx, conversationOf(tenantId)),
    );
    expect(fields).toEqual([{ name: 'caller_name', value: 'Marie', utteranceSeq: 0, readBack: true }]);
  });

  it('is ciphertext in every column that holds it, and found again by a keyed hash', async () => {
    const leads = new LeadRepository(keys);
    for (const tenantId of TENANTS) {
      await database.inTenant(tenantId, async (tx) => {
        expect(await leads.add(tx, leadOf(tenantId))).toBe(true);
        expect(await leads.add(tx, leadOf(tenantId))).toBe(false);
      });
    }
    const dump = JSON.stringify(
      await query(
        server.adminUrl,
        `SELECT l::text AS row, encode(l.caller_name, 'escape') AS name, encode(l.summary, 'escape') AS summary FROM leads l
         UNION ALL SELECT u::text, encode(u.text, 'escape'), '' FROM utterances u
         UNION ALL SELECT f::text, encode(f.value, 'escape'), '' FROM captured_fields f`,
      ),
    );
    expect(dump).toContain('tn_left');
    expect(dump).not.toMatch(/Marie|613555|example\.com|leaking|tomorrow/);
    const hashes = await query(server.adminUrl, 'SELECT DISTINCT callback_number_hash FROM leads');
    expect(hashes).toHaveLength(2);
    const [left] = TENANTS;
    const read = await database.inTenant(left, (tx) => leads.byCall(tx, left, `ca_${left}`));
    expect(read).toMatchObject({
      callerName: 'Marie Tremblay',
      email: 'marie@example.com',
      reasons: ['new_work'],
    });
  });

  it("shows the service one tenant's rows, and none without a tenant, even to a query without a condition", async () => {
    const visible = (tenantId: string) =>
      database.inTenant(tenantId, (tx) =>
        tx.$queryRawUnsafe<{ tenant_id: string }[]>('SELECT DISTINCT tenant_id FROM leads'),
      );
    for (const tenantId of TENANTS) expect(await visible(tenantId)).toEqual([{ tenant_id: tenantId }]);
    expect(await query(server.serviceUrl, 'SELECT 1 FROM leads')).toEqual([]);
    const foreign = database.inTenant('tn_left', (tx) =>
      new LeadRepository(keys).add(tx, leadOf('tn_right')),
    );
    await expect(foreign).rejects.toThrow();
  });

  it('rolls everything back when the work fails, and leaves the next transaction no tenant', async () => {
    const tenantId = 'tn_rolled_back';
    const failing = database.inTenant(tenantId, async (tx) => {
      await new TranscriptRepository(keys).addUtterance(
        tx,
        conversationOf(tenantId),
        {
          seq: 1,
          speaker: 'caller',
          text: 'lost',
          language: 'en',
          startedAtMs: 0,
          endedAtMs: 1,
          interrupted: false,
        },
        new Date(),
      );
      throw new Error('in the middle');
    });
    await expect(failing).rejects.toThrow('in the middle');
    expect(await query(server.adminUrl, `SELECT 1 FROM utterances WHERE tenant_id = '${tenantId}'`)).toEqual(
      [],
    );
    expect(await query(server.adminUrl, `SELECT 1 FROM data_keys WHERE tenant_id = '${tenantId}'`)).toEqual(
      [],
    );
    // The key of the failed transaction must not be used again: it is stored nowhere.
    await hear(tenantId, 1, deliveryOf(tenantId, 'collect-transcript-when-utterance-transcribed'));
    const elsewhere = new TranscriptRepository(
      new TenantKeys({ masterKey: Buffer.from(server.masterKey, 'base64'), domain: 'leads' }),
    );
    const read = await database.inTenant(tenantId, (tx) =>
      elsewhere.utterancesOf(tx, conversationOf(tenantId)),
    );
    expect(read.map((utterance) => utterance.text)).toEqual([`My name is Marie of ${tenantId}`]);
  });

  it('makes one key for a tenant however many ask for it first', async () => {
    const tenantId = 'tn_crowd';
    const sealed = await Promise.all(
      Array.from({ length: 8 }, () => {
        const process = new TenantKeys({
          masterKey: Buffer.from(server.masterKey, 'base64'),
          domain: 'leads',
        });
        return database.inTenant(tenantId, async (tx) =>
          (await process.cipherFor(tx, tenantId)).seal('Marie', 'leads.caller_name'),
        );
      }),
    );
    expect(
      await query(server.adminUrl, `SELECT 1 FROM data_keys WHERE tenant_id = '${tenantId}'`),
    ).toHaveLength(1);
    const cipher = await database.inTenant(tenantId, (tx) => keys.cipherFor(tx, tenantId));
    expect(sealed.map((value) => cipher.open(value, 'leads.caller_name'))).toEqual(Array(8).fill('Marie'));
  });

  it('becomes unreadable when the key is deleted', async () => {
    await query(server.adminUrl, `DELETE FROM data_keys WHERE tenant_id = 'tn_right'`);
    const restarted = new LeadRepository(
      new TenantKeys({ masterKey: Buffer.from(server.masterKey, 'base64'), domain: 'leads' }),
    );
    const read = database.inTenant('tn_right', (tx) => restarted.byCall(tx, 'tn_right', 'ca_tn_right'));
    await expect(read).rejects.toThrow();
    const left = await database.inTenant('tn_left', (tx) => restarted.byCall(tx, 'tn_left', 'ca_tn_left'));
    expect(left?.callerName).toBe('Marie Tremblay');
  });
});

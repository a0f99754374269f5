import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import {
  AlertSettingsChangedSchema,
  AssistantProfileChangedSchema,
  PhoneNumbersChangedSchema,
} from '@tradeline/contracts';
import { SettingsStream } from '@tradeline/messaging';
import { eventually } from '@tradeline/testing';
import { Client } from 'pg';
import { Gateway, joinAs, OPERATOR_TOKEN } from './gateway-under-test.js';

// Real servers start in seconds when the machine is busy.
jest.setTimeout(60_000);

let gateway: Gateway;
let keyA: string;
let keyB: string;
const others: INestApplication[] = [];
const numbers = new Map<string, string[]>();
const greetings = new Map<string, string>();
const datedFacts = new Map<string, string[]>();
const recipients = new Map<string, { mails: string[]; name: string }>();

beforeAll(async () => {
  gateway = await Gateway.start();
  const [telephony, notifier] = [
    await joinAs(gateway.nats, 'telephony-gateway'),
    await joinAs(gateway.nats, 'notifier'),
  ];
  others.push(telephony, notifier);
  await telephony.get(SettingsStream).follow(PhoneNumbersChangedSchema, (event) => {
    numbers.set(
      event.meta?.tenantId ?? '',
      event.numbers.map(({ number, active }) => `${number} ${active}`),
    );
  });
  await telephony.get(SettingsStream).follow(AssistantProfileChangedSchema, (event) => {
    greetings.set(event.meta?.tenantId ?? '', `${event.businessName}: ${event.greetings['fr-CA'] ?? ''}`);
    datedFacts.set(
      event.meta?.tenantId ?? '',
      event.datedFacts.map(({ text, validFrom, validUntil }) => `${text} ${validFrom}/${validUntil}`),
    );
  });
  await notifier.get(SettingsStream).follow(AlertSettingsChangedSchema, (event) => {
    recipients.set(event.meta?.tenantId ?? '', { mails: event.mailRecipients, name: event.businessName });
  });
  keyA = await gateway.createTenant('Alpha Plumbing', 'tn_a');
  keyB = await gateway.createTenant('Beta Electric', 'tn_b');
});
afterAll(async () => {
  await Promise.all(others.map((app) => app.close()));
  await gateway.stop();
});

describe('a new tenant', () => {
  it('is known to the other services at once', async () => {
    await eventually(() => expect(greetings.get('tn_a')).toBe('Alpha Plumbing: '));
    await eventually(() => expect(recipients.get('tn_b')).toEqual({ mails: [], name: 'Beta Electric' }));
  });

  it('is made by the operator alone, once', async () => {
    const body = { name: 'Gamma', tenantId: 'tn_a' };
    expect((await gateway.ask('POST', '/operator/tenants', keyA, body)).status).toBe(401);
    expect((await gateway.ask('POST', '/operator/tenants', `${OPERATOR_TOKEN}x`, body)).status).toBe(401);
    expect((await gateway.ask('POST', '/operator/tenants', undefined, body)).status).toBe(401);
    expect((await gateway.ask('POST', '/operator/tenants', OPERATOR_TOKEN, body)).status).toBe(409);
  });
});

describe('numbers', () => {
  it('are read as they were put, told as a whole, and told again when one is given up', async () => {
    const two = [
      { number: '+16135550100', label: 'main line', active: true },
      { number: '+16135550101', label: '', active: false },
    ];
    expect((await gateway.ask('PUT', '/v1/numbers', keyA, { numbers: two })).body).toEqual({ numbers: two });
    expect((await gateway.ask('GET', '/v1/numbers', keyA)).body).toEqual({ numbers: two });
    await eventually(() => expect(numbers.get('tn_a')).toEqual(['+16135550100 true', '+16135550101 false']));
    await gateway.ask('PUT', '/v1/numbers', keyA, { numbers: two.slice(0, 1) });
    await eventually(() => expect(numbers.get('tn_a')).toEqual(['+16135550100 true']));
    expect((await gateway.ask('GET', '/v1/numbers', keyB)).body).toEqual({ numbers: [] });
  });

  it('that another tenant has are refused, and nothing is changed', async () => {
    await gateway.ask('PUT', '/v1/numbers', keyA, { numbers: [{ number: '+16135550100' }] });
    await gateway.ask('PUT', '/v1/numbers', keyB, { numbers: [{ number: '+16135550200' }] });
    const refused = await gateway.ask('PUT', '/v1/numbers', keyB, {
      numbers: [{ number: '+16135550201' }, { number: '+16135550100' }],
    });
    expect(refused.status).toBe(409);
    expect(refused.body['detail']).toContain('+16135550100');
    const kept = await gateway.ask('GET', '/v1/numbers', keyB);
    expect(kept.body).toEqual({ numbers: [{ number: '+16135550200', label: '', active: true }] });
  });

  it('that are wrong are all told', async () => {
    const { status, body } = await gateway.ask('PUT', '/v1/numbers', keyA, {
      numbers: [{ number: '613' }, { number: '+16135550100', active: 'yes', colour: 'red' }],
    });
    expect(status).toBe(400);
    expect((body['errors'] as { field: string }[]).map(({ field }) => field).sort()).toEqual([
      'body.numbers.0.number',
      'body.numbers.1.active',
      'body.numbers.1.colour',
    ]);
  });
});

describe("the assistant's profile", () => {
  it('is kept with its defaults, told, and carried into the alert settings', async () => {
    const put = await gateway.ask('PUT', '/v1/assistant', keyA, {
      businessName: 'Alpha Plumbing & Heating',
      languages: ['en-CA', 'fr-CA'],
      greetings: { 'fr-CA': 'Bonjour, Alpha.' },
    });
    expect(put.status).toBe(200);
    expect(put.body).toMatchObject({ voice: 'marin', timeZone: 'America/Toronto', silenceDurationMs: 0 });
    expect((await gateway.ask('GET', '/v1/assistant', keyA)).body).toEqual(put.body);
    await eventually(() => expect(greetings.get('tn_a')).toBe('Alpha Plumbing & Heating: Bonjour, Alpha.'));
    await eventually(() => expect(recipients.get('tn_a')?.name).toBe('Alpha Plumbing & Heating'));
    expect((await gateway.ask('GET', '/v1/assistant', keyB)).body['businessName']).toBe('Beta Electric');
  });

  const withFacts = (...facts: unknown[]) =>
    gateway.ask('PUT', '/v1/assistant', keyA, {
      businessName: 'Alpha Plumbing',
      languages: ['en-CA'],
      datedFacts: facts,
    });

  it('holds facts with dates, which are told with their ends', async () => {
    const put = await withFacts(
      { text: 'Closed for the holidays.', validFrom: '2026-12-24T12:00', validUntil: '2026-12-24' },
      { text: 'We do roofs now.', validFrom: '2028-02-29' },
    );
    expect(put.body['datedFacts']).toEqual([
      { text: 'Closed for the holidays.', validFrom: '2026-12-24T12:00', validUntil: '2026-12-24' },
      { text: 'We do roofs now.', validFrom: '2028-02-29', validUntil: '' },
    ]);
    expect((await gateway.ask('GET', '/v1/assistant', keyA)).body).toEqual(put.body);
    await eventually(() =>
      expect(datedFacts.get('tn_a')).toEqual([
        'Closed for the holidays. 2026-12-24T12:00/2026-12-24',
        'We do roofs now. 2028-02-29/',
      ]),
    );
  });

  it.each([
    [
      'a day that no calendar has',
      { text: 'x', validUntil: '2026-02-30' },
      'validUntil',
      /such as 2026-12-24/,
    ],
    ['a time that no clock has', { text: 'x', validFrom: '2026-12-24T24:30' }, 'validFrom', /such as/],
    ['a time with a zone', { text: 'x', validFrom: '2026-12-24T12:00Z' }, 'validFrom', /such as/],
    ['no dates at all', { text: 'x' }, 'validUntil', /belongs in facts/],
    [
      'an end before the beginning',
      { text: 'x', validFrom: '2026-12-24', validUntil: '2026-12-23T23:59' },
      'validUntil',
      /not be before validFrom/,
    ],
    [
      'an end in the minute of the beginning',
      { text: 'x', validFrom: '2026-12-24T12:00', validUntil: '2026-12-24T12:00' },
      'validUntil',
      /not be before validFrom/,
    ],
    ['no text', { text: ' ', validUntil: '2026-12-24' }, 'text', /not be empty/],
  ])('refuses a fact with %s', async (_, fact, field, message) => {
    const { status, body } = await withFacts(fact);
    expect(status).toBe(400);
    const [error, ...more] = body['errors'] as { field: string; message: string }[];
    expect(error?.field).toBe(`body.datedFacts.0.${field}`);
    expect(error?.message).toMatch(message);
    expect(more).toEqual([]);
  });
});

describe('alert settings', () => {
  it('are kept and told', async () => {
    const alerts = { mailRecipients: ['owner@alpha.example'], language: 'fr-CA', mailDismissedCalls: true };
    await gateway.ask('PUT', '/v1/alerts', keyA, alerts);
    expect((await gateway.ask('GET', '/v1/alerts', keyA)).body).toEqual(alerts);
    await eventually(() => expect(recipients.get('tn_a')?.mails).toEqual(['owner@alpha.example']));
  });
});

describe('the database', () => {
  it('holds no number, mail address or name that could be read, and only the hash of a secret', async () => {
    const admin = new Client({ connectionString: gateway.db.adminUrl });
    await admin.connect();
    const tables = [
      'tenants',
      'phone_numbers',
      'assistant_profiles',
      'alert_settings',
      'api_keys',
      'audit_log',
    ];
    for (const table of tables) {
      const { rows } = await admin.query<{ row: string }>(
        `SELECT row_to_json(t)::text AS row FROM ${table} t`,
      );
      const text = rows.map(({ row }) => row).join('\n');
      const hex = (plain: string): string => Buffer.from(plain).toString('hex');
      for (const plain of ['16135550100', 'owner@alpha.example', 'Alpha', keyA.split('_')[2] ?? '']) {
        expect(text).not.toContain(plain);
        expect(text).not.toContain(hex(plain));
      }
    }
    const { rows } = await admin.query<{ action: string }>(
      "SELECT action FROM audit_log WHERE tenant_id = 'tn_a'",
    );
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['tenant.created', 'numbers.replaced']),
    );
    await admin.end();
  });

  it("shows one tenant's rows to a transaction of that tenant, and none without one", async () => {
    const service = new Client({ connectionString: gateway.db.serviceUrl });
    await service.connect();
    for (const table of [
      'tenants',
      'api_keys',
      'phone_numbers',
      'assistant_profiles',
      'alert_settings',
      'audit_log',
    ]) {
      expect((await service.query(`SELECT 1 FROM ${table}`)).rowCount).toBe(0);
      await service.query('BEGIN');
      await service.query("SELECT set_config('app.tenant_id', 'tn_a', true)");
      const { rows } = await service.query<{ tenant_id: string }>(`SELECT DISTINCT tenant_id FROM ${table}`);
      expect(rows).toEqual([{ tenant_id: 'tn_a' }]);
      await service.query('COMMIT');
    }
    await service.end();
  });
});

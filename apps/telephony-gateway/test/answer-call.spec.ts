import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CallAnsweredSchema, CallDeclinedSchema, DeclineReason } from '@tradeline/contracts';
import { Bus, connectOnce, inboxPrefixOf, PhraseStore } from '@tradeline/messaging';
import { eventually } from '@tradeline/testing';
import { SIGNATURE_HEADER } from '@tradeline/twilio';
import {
  AUTH_TOKEN,
  CALLER,
  connectOf,
  type GatewayUnderTest,
  INACTIVE_NUMBER,
  incoming,
  NUMBER,
  OTHER_TENANTS_NUMBER,
  parseTwiml,
  PUBLIC_URL,
  startGateway,
} from './gateway-under-test.js';
import { type StubBridge, stubBridge } from './stub-bridge.js';

const VOICE = '/twilio/voice';

let gateway: GatewayUnderTest;
let bridges: StubBridge[] = [];

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());
afterEach(async () => {
  for (const bridge of bridges) bridge.tell({ draining: true });
  await Promise.all(bridges.map((bridge) => bridge.die()));
  bridges = [];
  await gateway.untilBridgesAre([]);
});

const withBridges = async (
  ...replies: [string, Parameters<typeof stubBridge>[2]?][]
): Promise<StubBridge[]> => {
  const credentials = gateway.nats.credentials('realtime-bridge');
  bridges = await Promise.all(replies.map(([instance, reply]) => stubBridge(credentials, instance, reply)));
  await gateway.untilBridgesAre(replies.map(([instance]) => instance));
  return bridges;
};

describe('an incoming call', () => {
  it('is connected to the bridge that reserved a place for it, and said and stored as answered', async () => {
    const [bridge] = await withBridges(['br-1']);
    const form = incoming();
    const answer = await gateway.post(VOICE, form);

    expect(answer).toMatchObject({ status: 200, type: 'text/xml; charset=utf-8' });
    const connect = connectOf(answer);
    const asked = bridge?.asked[0];
    expect(asked).toMatchObject({
      tenantId: 'tn_a',
      callSid: form.CallSid,
      fromNumber: CALLER,
      toNumber: NUMBER,
      accountSid: form.AccountSid,
    });
    expect(Number(asked?.webhookReceivedAt?.seconds)).toBeCloseTo(Date.now() / 1000, -1);
    expect(connect).toMatchObject({
      '@method': 'POST',
      Stream: {
        '@url': 'wss://phone.example/streams/br-1/rv_1',
        '@name': asked?.callId,
        '@statusCallbackMethod': 'POST',
        Parameter: { '@name': 'token', '@value': 'token-br-1-1' },
      },
    });
    expect(connect['@action']).toContain(
      `${PUBLIC_URL}/twilio/voice/action?tenant=tn_a&call=${asked?.callId}`,
    );

    await eventually(() => expect(gateway.events(CallAnsweredSchema, form.CallSid)).toHaveLength(1));
    expect(gateway.events(CallAnsweredSchema, form.CallSid)[0]).toMatchObject({
      subject: 'calls.v1.call-answered.tn_a',
      callId: asked?.callId,
      conversationId: asked?.conversationId,
      bridgeInstance: 'br-1',
      fromNumber: CALLER,
      toNumber: NUMBER,
    });
    const [row] = await gateway.rows('SELECT * FROM calls WHERE call_sid = $1', form.CallSid);
    expect(row).toMatchObject({
      tenant_id: 'tn_a',
      call_id: asked?.callId,
      state: 'in_progress',
      bridge_instance: 'br-1',
    });
    expect(JSON.stringify(row)).not.toContain(CALLER.slice(1));
    expect((row?.from_number as Buffer).includes(Buffer.from(CALLER))).toBe(false);
  });

  it("is its own tenant's: the same CallSid to another number is another call", async () => {
    const [bridge] = await withBridges(['br-1']);
    const form = incoming();
    await gateway.post(VOICE, form);
    await gateway.post(VOICE, { ...form, To: OTHER_TENANTS_NUMBER });
    const [mine, theirs] = bridge?.asked ?? [];
    expect(mine).toMatchObject({ tenantId: 'tn_a' });
    expect(theirs).toMatchObject({ tenantId: 'tn_b' });
    expect(theirs?.callId).not.toBe(mine?.callId);
    await eventually(async () =>
      expect(await gateway.rows('SELECT 1 FROM calls WHERE call_sid = $1', form.CallSid)).toHaveLength(2),
    );
  });

  it.each(['anonymous', '+266696687', 'Restricted', ''])(
    'from %j is answered like any other',
    async (From) => {
      const [bridge] = await withBridges(['br-1']);
      const form = incoming({ From });
      expect(connectOf(await gateway.post(VOICE, form))).toBeDefined();
      expect(bridge?.asked[0]?.fromNumber).toBe('');
      await eventually(async () => {
        expect(
          await gateway.rows('SELECT from_number, from_hash FROM calls WHERE call_sid = $1', form.CallSid),
        ).toEqual([{ from_number: null, from_hash: null }]);
      });
    },
  );

  it('that Twilio announces again gets the same answer, the same id and no second place', async () => {
    const [bridge] = await withBridges(['br-1']);
    const form = incoming();
    const answers = await Promise.all([gateway.post(VOICE, form), gateway.post(VOICE, form)]);
    answers.push(await gateway.post(VOICE, form));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(bridge?.asked).toHaveLength(1);
    await eventually(() => expect(gateway.events(CallAnsweredSchema, form.CallSid)).toHaveLength(1));
    expect(await gateway.rows('SELECT 1 FROM calls WHERE call_sid = $1', form.CallSid)).toHaveLength(1);
  });

  it("to a number that is nobody's is told so in English and ends, without an event", async () => {
    await withBridges(['br-1']);
    const form = incoming({ To: '+19995550123' });
    const answer = await gateway.post(VOICE, form);
    expect(answer.status).toBe(200);
    expect(parseTwiml(answer.body)).toMatchObject({
      Say: { '@language': 'en-CA', '#text': expect.stringContaining('not in service') },
      Hangup: '',
    });
    expect(await gateway.rows('SELECT 1 FROM calls WHERE call_sid = $1', form.CallSid)).toEqual([]);
  });

  it("to an inactive number is declined in the tenant's language", async () => {
    await withBridges(['br-1']);
    const form = incoming({ To: INACTIVE_NUMBER });
    const answer = await gateway.post(VOICE, form);
    expect(parseTwiml(answer.body)).toMatchObject({
      Say: { '@language': 'fr-CA', '#text': expect.stringContaining('Business tn_a') },
      Hangup: '',
    });
    await eventually(() =>
      expect(gateway.events(CallDeclinedSchema, form.CallSid)).toMatchObject([
        { reason: DeclineReason.NUMBER_INACTIVE },
      ]),
    );
  });

  it('is declined when there is no bridge at all', async () => {
    const form = incoming();
    const answer = await gateway.post(VOICE, form);
    expect(parseTwiml(answer.body)).toMatchObject({ Say: { '@language': 'fr-CA' }, Hangup: '' });
    await eventually(() =>
      expect(gateway.events(CallDeclinedSchema, form.CallSid)).toMatchObject([
        { reason: DeclineReason.NO_CAPACITY },
      ]),
    );
    expect(await gateway.rows('SELECT state, reason FROM calls WHERE call_sid = $1', form.CallSid)).toEqual([
      { state: 'declined', reason: 'no_capacity' },
    ]);
  });

  it('is declined in the tenant’s own voice, where the bridges have made sound of it', async () => {
    const number = '+16135550199';
    await gateway.announce('tn_voiced', [{ number, active: true }], ['fr-CA', 'en-CA']);
    await eventually(() => expect(gateway.routes.routeOf(number).kind).toBe('assistant'));
    const connection = await connectOnce(gateway.nats.credentials('realtime-bridge'), 'bridge');
    const phrases = new PhraseStore(
      new Bus(connection, 'realtime-bridge', 'br-1', inboxPrefixOf('realtime-bridge')),
    );
    const key = 'k'.repeat(43);
    const sound = Uint8Array.from({ length: 1_601 }, (_, i) => i % 251);
    await phrases.put(key, sound);
    await phrases.announceBusy('tn_voiced', 'fr-CA', key);
    await connection.close();

    const { Play, Say, Hangup } = parseTwiml((await gateway.post(VOICE, incoming({ To: number }))).body);
    expect(Play).toBe(`${PUBLIC_URL}/twilio/phrases/${key}.wav`);
    expect(Say).toMatchObject({ '@language': 'en-CA' });
    expect(Hangup).toBe('');

    // Twilio fetches it without a signature.
    const file = await fetch(`${gateway.service.url}/twilio/phrases/${key}.wav`);
    expect(file.status).toBe(200);
    expect(file.headers.get('content-type')).toBe('audio/x-wav');
    expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const bytes = Buffer.from(await file.arrayBuffer());
    expect(bytes.subarray(-1_602, -1).equals(sound)).toBe(true);
  });

  it.each(['k'.repeat(42) + 'x', 'busy_tn_voiced_fr-CA', '..%2Fhealth'])(
    'has no sound under a name that is none: %s',
    async (name) => {
      expect((await fetch(`${gateway.service.url}/twilio/phrases/${name}.wav`)).status).toBe(404);
    },
  );

  it('goes to the next best bridge when the best refuses, and no further than that', async () => {
    const full = (): { accepted: false; refusal: string } => ({ accepted: false, refusal: 'full' });
    const [busy, free] = await withBridges(['br-1', full], ['br-2']);
    free?.tell({ activeCalls: 1 });
    await eventually(async () => {
      const form = incoming();
      expect(connectOf(await gateway.post(VOICE, form)).Stream['@url']).toContain('/br-2/');
      expect(busy?.asked.some(({ callSid }) => callSid === form.CallSid)).toBe(true);
    });
  });

  it('does not wait for a bridge that does not answer', async () => {
    await withBridges(['br-1', () => undefined], ['br-2', () => undefined], ['br-3', () => undefined]);
    const askedAt = performance.now();
    const answer = await gateway.post(VOICE, incoming());
    expect(parseTwiml(answer.body)).toHaveProperty('Hangup');
    expect(performance.now() - askedAt).toBeLessThan(1_500);
    expect(bridges.flatMap(({ asked }) => asked)).toHaveLength(2);
  });

  it('goes to the only bridge all the same when its first answer does not come in time', async () => {
    const [only] = await withBridges(['br-1', (_request, nth) => (nth === 1 ? undefined : {})]);
    expect(connectOf(await gateway.post(VOICE, incoming())).Stream['@url']).toContain('/br-1/rv_2');
    expect(only?.asked.map(({ callId }) => callId)).toEqual([only?.asked[0]?.callId, only?.asked[0]?.callId]);
  });

  it('is not asked of the only bridge again when that has refused', async () => {
    const [only] = await withBridges(['br-1', () => ({ accepted: false, refusal: 'full' })]);
    expect(parseTwiml((await gateway.post(VOICE, incoming())).body)).toHaveProperty('Hangup');
    expect(only?.asked).toHaveLength(1);
  });

  it('never goes to a bridge that drains or is full', async () => {
    const [draining, full, overworked] = await withBridges(['br-1'], ['br-2'], ['br-4'], ['br-3']);
    draining?.tell({ draining: true });
    full?.tell({ activeCalls: 10 });
    overworked?.tell({ full: true });
    await gateway.untilBridgesAre(['br-3']);
    for (let n = 0; n < 5; n += 1) {
      expect(connectOf(await gateway.post(VOICE, incoming())).Stream['@url']).toContain('/br-3/');
    }
  });

  it('is answered while the database is away, and recorded when it is back', async () => {
    await withBridges(['br-1']);
    await gateway.post(VOICE, incoming({ CallSid: 'CAwarm' }));
    await gateway.rows('ALTER TABLE calls RENAME TO calls_away');
    const form = incoming();
    const askedAt = performance.now();
    expect(connectOf(await gateway.post(VOICE, form))).toBeDefined();
    expect(performance.now() - askedAt).toBeLessThan(300);
    await gateway.rows('ALTER TABLE calls_away RENAME TO calls');
    await eventually(() => expect(gateway.events(CallAnsweredSchema, form.CallSid)).toHaveLength(1), {
      timeoutMs: 10_000,
    });
  });
});

describe('a webhook that is not what it should be', () => {
  it.each([
    ['without signature', { [SIGNATURE_HEADER]: '' }],
    ['with a wrong signature', { [SIGNATURE_HEADER]: 'bm90IHR3aWxpbw==' }],
    [
      'signed for the Host that it names itself',
      { [SIGNATURE_HEADER]: '', 'x-forwarded-host': 'evil.example' },
    ],
  ])('%s is forbidden', async (_, headers) => {
    const [bridge] = await withBridges(['br-1']);
    for (const path of [VOICE, '/twilio/voice/status', '/twilio/voice/action?x=1', '/twilio/voice/stream']) {
      const answer = await gateway.post(path, incoming(), headers);
      expect(answer).toMatchObject({
        status: 403,
        type: expect.stringContaining('application/problem+json'),
      });
      expect(answer.body).not.toContain(AUTH_TOKEN);
    }
    expect(bridge?.asked).toEqual([]);
  });

  it('lacks a field: the answer names it, and nothing is recorded', async () => {
    const { To: _to, ...form } = incoming();
    const answer = await gateway.post(VOICE, form);
    expect(answer).toMatchObject({ status: 400, type: expect.stringContaining('application/problem+json') });
    expect(JSON.parse(answer.body)).toMatchObject({
      title: 'Webhook not understood',
      detail: 'To is missing.',
    });
    expect(await gateway.rows('SELECT 1 FROM calls WHERE call_sid = $1', form.CallSid)).toEqual([]);
  });
});

describe('the numbers', () => {
  it('change while the gateway runs', async () => {
    await withBridges(['br-1']);
    await gateway.announce('tn_c', [{ number: '+12045550100', active: true }], ['es']);
    await eventually(() =>
      expect(gateway.routes.routeOf('+12045550100')).toMatchObject({ tenantId: 'tn_c' }),
    );
    expect(connectOf(await gateway.post(VOICE, incoming({ To: '+12045550100' })))).toBeDefined();
  });
});

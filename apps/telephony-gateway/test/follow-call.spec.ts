import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CallAnsweredSchema,
  CallDeclinedSchema,
  CallEndedSchema,
  CallResult,
  GetCallRequestSchema,
  GetCallResponseSchema,
  ListCallsRequestSchema,
  ListCallsResponseSchema,
} from '@tradeline/contracts';
import { eventually } from '@tradeline/testing';
import { CallLedger } from '../src/database/call-ledger.js';
import { PresumedEnds } from '../src/database/presumed-ends.js';
import { referenceFrom } from '../src/domain/call-reference.js';
import {
  CALLER,
  connectOf,
  type GatewayUnderTest,
  INACTIVE_NUMBER,
  incoming,
  NUMBER,
  OTHER_TENANTS_NUMBER,
  parseTwiml,
  startGateway,
} from './gateway-under-test.js';
import { type StubBridge, stubBridge } from './stub-bridge.js';

let gateway: GatewayUnderTest;
let bridge: StubBridge;

beforeAll(async () => {
  gateway = await startGateway();
  bridge = await stubBridge(gateway.nats.credentials('realtime-bridge'), 'br-1');
  await gateway.untilBridgesAre(['br-1']);
});
afterAll(async () => {
  await bridge.die();
  await gateway.stop();
});

const answered = async (
  change: Record<string, string> = {},
): Promise<{ form: Record<string, string>; action: string; stream: string }> => {
  const form = incoming(change);
  const connect = connectOf(await gateway.post('/twilio/voice', form));
  return { form, action: connect['@action'], stream: connect.Stream['@statusCallback'] };
};

const report = (form: Record<string, string>, CallStatus: string, change: Record<string, string> = {}) =>
  gateway.post('/twilio/voice/status', { ...form, CallStatus, ...change });

describe('a call that is followed', () => {
  it('ends once, with result, cause and duration, however often that is reported', async () => {
    const { form } = await answered();
    for (const status of ['initiated', 'in-progress', 'completed', 'completed', 'in-progress']) {
      expect(await report(form, status, { CallDuration: '42' })).toMatchObject({ status: 204 });
    }
    await eventually(() => expect(gateway.events(CallEndedSchema, form.CallSid)).toHaveLength(1));
    expect(gateway.events(CallEndedSchema, form.CallSid)[0]).toMatchObject({
      subject: 'calls.v1.call-ended.tn_a',
      result: CallResult.COMPLETED,
      reason: 'caller_hung_up',
      durationMs: 42_000n,
      toNumber: NUMBER,
      conversationId: expect.stringMatching(/^cv_/),
    });
    expect(
      await gateway.rows(
        'SELECT state, phone_status, duration_ms FROM calls WHERE call_sid = $1',
        form.CallSid,
      ),
    ).toEqual([{ state: 'completed', phone_status: 'completed', duration_ms: '42000' }]);
  });

  it('ends once when two final reports come at the same time', async () => {
    const { form } = await answered();
    await Promise.all([
      report(form, 'completed', { CallDuration: '3' }),
      report(form, 'failed'),
      report(form, 'completed', { CallDuration: '3' }),
    ]);
    await eventually(() => expect(gateway.events(CallEndedSchema, form.CallSid)).toHaveLength(1));
    expect(
      await gateway.rows(
        'SELECT count(*)::int AS n FROM outbox_events WHERE subject LIKE $1',
        '%call-ended%',
      ),
    ).toEqual([{ n: 0 }]);
  });

  it('is told under the event id that belongs to it, so that a second telling is known as one', async () => {
    const { form } = await answered();
    await report(form, 'completed');
    await eventually(() => expect(gateway.events(CallEndedSchema, form.CallSid)).toHaveLength(1));
    const [answer, end] = [
      gateway.events(CallAnsweredSchema, form.CallSid)[0],
      gateway.events(CallEndedSchema, form.CallSid)[0],
    ];
    expect(answer?.eventId).toMatch(/^ev_[0-9a-f]{32}$/);
    expect(end?.eventId).not.toBe(answer?.eventId);
  });

  it('that was declined ends as declined', async () => {
    const form = incoming({ To: INACTIVE_NUMBER });
    await gateway.post('/twilio/voice', form);
    await report(form, 'completed', { CallDuration: '6' });
    await eventually(() => expect(gateway.events(CallEndedSchema, form.CallSid)).toHaveLength(1));
    expect(gateway.events(CallDeclinedSchema, form.CallSid)).toHaveLength(1);
    expect(gateway.events(CallEndedSchema, form.CallSid)[0]).toMatchObject({
      result: CallResult.DECLINED,
      reason: 'number_inactive',
      conversationId: '',
      durationMs: 6_000n,
    });
  });

  it('of which nothing was recorded is recorded by its end', async () => {
    const form = incoming();
    expect(await report(form, 'in-progress')).toMatchObject({ status: 204 });
    expect(await gateway.rows('SELECT 1 FROM calls WHERE call_sid = $1', form.CallSid)).toEqual([]);
    await report(form, 'no-answer');
    await eventually(() =>
      expect(gateway.events(CallEndedSchema, form.CallSid)).toMatchObject([
        { result: CallResult.NO_ANSWER, durationMs: 0n },
      ]),
    );
  });

  it('whose answer was lost in a crash is recorded when its stream has ended', async () => {
    const { form, action } = await answered();
    await eventually(() => expect(gateway.events(CallAnsweredSchema, form.CallSid)).toHaveLength(1));
    const before = gateway.events(CallAnsweredSchema, form.CallSid)[0];
    await gateway.rows('DELETE FROM calls WHERE call_sid = $1', form.CallSid);
    await gateway.postTo(action, { ...form, CallStatus: 'completed' });
    await eventually(async () =>
      expect(
        await gateway.rows('SELECT bridge_instance FROM calls WHERE call_sid = $1', form.CallSid),
      ).toEqual([{ bridge_instance: 'br-1' }]),
    );
    // The bus knows the second telling by its id and keeps one; the witness sees both on the wire.
    await eventually(() =>
      expect(
        gateway.events(CallAnsweredSchema, form.CallSid).every(({ eventId }) => eventId === before?.eventId),
      ).toBe(true),
    );
  });

  it("to a number that was nobody's is reported to nobody", async () => {
    expect(await report(incoming({ To: '+19995550123' }), 'completed')).toMatchObject({ status: 204 });
    expect(await gateway.rows("SELECT 1 FROM calls WHERE tenant_id NOT IN ('tn_a', 'tn_b')")).toEqual([]);
  });

  it.each([
    [{ CallStatus: 'exploded' }, 'CallStatus is not one of the statuses we know.'],
    [{ CallSid: '' }, 'CallSid is missing.'],
  ])('is not moved by a report with %j', async (change, detail) => {
    const answer = await gateway.post('/twilio/voice/status', incoming(change));
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ detail });
  });
});

describe('when the stream has ended', () => {
  it('the call is hung up, and its end says that the assistant did it', async () => {
    const { form, action } = await answered();
    const answer = await gateway.postTo(action, { ...form, CallStatus: 'in-progress' });
    expect(parseTwiml(answer.body)).toEqual({ Hangup: '' });
    await report(form, 'completed', { CallDuration: '9' });
    await eventually(() =>
      expect(gateway.events(CallEndedSchema, form.CallSid)).toMatchObject([{ reason: 'assistant_hung_up' }]),
    );
  });

  it('in disorder, the caller hears that we are sorry', async () => {
    const { form, action, stream } = await answered();
    await gateway.postTo(stream, {
      CallSid: form.CallSid ?? '',
      StreamEvent: 'stream-error',
      StreamError: 'handshake failed',
    });
    const answer = await gateway.postTo(action, {
      ...form,
      CallStatus: 'in-progress',
      StreamError: 'handshake failed',
    });
    expect(parseTwiml(answer.body)).toMatchObject({ Say: { '@language': 'fr-CA' }, Hangup: '' });
    await report(form, 'completed');
    await eventually(() =>
      expect(gateway.events(CallEndedSchema, form.CallSid)).toMatchObject([{ reason: 'stream_failed' }]),
    );
  });

  it('because the caller hung up, nothing more is said', async () => {
    const { form, action } = await answered();
    expect(parseTwiml((await gateway.postTo(action, { ...form, CallStatus: 'completed' })).body)).toEqual({
      Hangup: '',
    });
  });
});

describe('a call whose end nobody reports', () => {
  const reference = (action: string) => {
    const found = referenceFrom(Object.fromEntries(new URL(action).searchParams));
    if (!found) throw new Error(`no reference in ${action}`);
    return found;
  };
  const ends = () => gateway.service.app.get(PresumedEnds, { strict: false });

  it('is taken for ended when its stream has been over for a while', async () => {
    const { form, action } = await answered();
    const { receivedAt } = reference(action);
    ends().expect(reference(action), new Date(receivedAt.getTime() + 7_000), 1);
    await eventually(() =>
      expect(gateway.events(CallEndedSchema, form.CallSid)).toMatchObject([
        { result: CallResult.COMPLETED, reason: 'caller_hung_up', durationMs: 7_000n },
      ]),
    );
    await report(form, 'completed', { CallDuration: '8' });
    expect(await gateway.rows('SELECT duration_ms FROM calls WHERE call_sid = $1', form.CallSid)).toEqual([
      { duration_ms: '7000' },
    ]);
  });

  it('goes on where another bridge has taken it', async () => {
    const { form, action } = await answered();
    await eventually(async () =>
      expect(await gateway.rows('SELECT 1 FROM calls WHERE call_sid = $1', form.CallSid)).toHaveLength(1),
    );
    await gateway.rows("UPDATE calls SET bridge_instance = 'br-2' WHERE call_sid = $1", form.CallSid);
    const ledger = gateway.service.app.get(CallLedger, { strict: false });
    expect(await ledger.presumedEnded(reference(action), new Date())).toBe(false);
    expect(await gateway.rows('SELECT ended_at FROM calls WHERE call_sid = $1', form.CallSid)).toEqual([
      { ended_at: null },
    ]);
  });
});

describe('a tenant that looks at its calls', () => {
  const list = (tenantId: string, limit: number, cursor = '') =>
    gateway.rpc.ask(ListCallsRequestSchema, ListCallsResponseSchema, { tenantId, limit, cursor });

  it('sees them newest first, page by page, with the numbers in clear', async () => {
    const sids: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const { form } = await answered({ To: OTHER_TENANTS_NUMBER });
      sids.unshift(form.CallSid ?? '');
    }
    await eventually(async () => expect((await list('tn_b', 100)).calls).toHaveLength(5));
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await list('tn_b', 2, cursor);
      expect(page.calls.length).toBeLessThanOrEqual(2);
      seen.push(...page.calls.map(({ callSid }) => callSid));
      cursor = page.nextCursor;
    } while (cursor !== '');
    expect(seen).toEqual(sids);
    expect((await list('tn_b', 1)).calls[0]).toMatchObject({
      fromNumber: CALLER,
      toNumber: OTHER_TENANTS_NUMBER,
      state: 'in_progress',
      reason: '',
    });
  });

  it("sees none of another tenant's", async () => {
    const { form } = await answered({ To: OTHER_TENANTS_NUMBER });
    await eventually(async () =>
      expect(await gateway.rows('SELECT 1 FROM calls WHERE call_sid = $1', form.CallSid)).toHaveLength(1),
    );
    const [row] = await gateway.rows('SELECT call_id FROM calls WHERE call_sid = $1', form.CallSid);
    const callId = String(row?.call_id);
    const get = (tenantId: string) =>
      gateway.rpc.ask(GetCallRequestSchema, GetCallResponseSchema, { tenantId, callId });
    expect((await get('tn_b')).call).toMatchObject({ callId });
    await expect(get('tn_a')).rejects.toMatchObject({ code: 'not_found' });
    expect((await list('tn_a', 100)).calls.every(({ toNumber }) => toNumber !== OTHER_TENANTS_NUMBER)).toBe(
      true,
    );
  });

  it('is told when the cursor is none of ours', async () => {
    await expect(list('tn_a', 5, 'nonsense')).rejects.toMatchObject({ code: 'invalid' });
  });
});

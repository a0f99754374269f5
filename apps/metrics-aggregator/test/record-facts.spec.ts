import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CallEndedSchema,
  CallResult,
  ConversationEndedSchema,
  ConversationResult,
  DismissalReason,
  GetStreamLogRequestSchema,
  GetStreamLogResponseSchema,
  LeadCategory,
  LeadDismissedSchema,
  LeadQualifiedSchema,
} from '@tradeline/contracts';
import { eventually } from '@tradeline/testing';
import { RecordCallWhenCallEnded } from '../src/features/record-facts/record-call-when-call-ended.consumer.js';
import { RecordLeadWhenLeadDismissed } from '../src/features/record-facts/record-lead-when-lead-dismissed.consumer.js';
import { RecordLeadWhenLeadQualified } from '../src/features/record-facts/record-lead-when-lead-qualified.consumer.js';
import { RecordStreamWhenConversationEnded } from '../src/features/record-facts/record-stream-when-conversation-ended.consumer.js';
import { type MetricsUnderTest, startMetrics } from './metrics-under-test.js';

const reservedAt = new Date('2026-11-22T12:00:00.000Z');
const at = (ms: number): Date => new Date(reservedAt.getTime() + ms);

const conversation = (callId: string) => ({
  conversationId: `cv_${callId}`,
  callId,
  callSid: `CA${callId}`,
  language: 'en-CA',
  result: ConversationResult.COMPLETED,
  reason: 'caller_hung_up',
  adapter: 'openai-realtime',
  fromNumber: '+14165550111',
  toNumber: '+16135550100',
  timings: {
    reservedAt: timestampFromDate(reservedAt),
    twilioStartAt: timestampFromDate(at(180)),
    openaiConnectAt: timestampFromDate(at(240)),
    handshakeMs: 260,
    openaiConnectMs: 240,
    greetingMs: 12,
    turns: [
      { turn: 1, firstByteMs: 320, heardGapMs: 800 },
      { turn: 2, firstByteMs: 410, heardGapMs: 0 },
      { turn: 3, firstByteMs: 300, heardGapMs: 760 },
    ],
    messagesIn: 900,
    messagesOut: 400,
    silenceNudges: 1,
    bargeIns: 2,
    truncations: 1,
  },
});

let metrics: MetricsUnderTest;
beforeAll(async () => {
  metrics = await startMetrics();
});
afterAll(() => metrics.stop());

const delivery = (reaction: string, eventId: string, deliveryCount = 1) => ({
  eventId,
  tenantId: 'tn_a',
  reaction,
  deliveryCount,
  occurredAt: at(60_000),
});

describe('what is said', () => {
  it('of a conversation becomes one row of the stream and one per turn, without personal data', async () => {
    const say = await metrics.publisherOf('realtime-bridge');
    await say(ConversationEndedSchema, conversation('ca_1'), 'tn_a', 'ev_1', at(60_000));
    await eventually(async () =>
      expect(await metrics.rows("SELECT 1 FROM voice_turn_timings WHERE call_id = 'ca_1'")).toHaveLength(3),
    );
    const [row] = await metrics.rows("SELECT * FROM voice_stream_logs WHERE call_id = 'ca_1'");
    expect(row).toMatchObject({
      tenant_id: 'tn_a',
      call_sid: 'CAca_1',
      started_at: reservedAt,
      connected_at: at(240),
      elapsed_ms: 260,
      fell_back: false,
      twilio_start: at(180),
      openai_connect: at(240),
      first_byte_latency: 320,
      greeting_ms: 12,
      messages_in: 900,
      messages_out: 400,
      silence_nudges: 1,
      result: 'completed',
      ended_at: at(60_000),
    });
    expect(JSON.stringify(row)).not.toMatch(/\+?1(416|613)555/);
    expect(
      await metrics.rows(
        "SELECT turn, first_byte_ms, heard_gap_ms FROM voice_turn_timings WHERE call_id = 'ca_1' ORDER BY turn",
      ),
    ).toEqual([
      { turn: 1, first_byte_ms: 320, heard_gap_ms: 800 },
      { turn: 2, first_byte_ms: 410, heard_gap_ms: null },
      { turn: 3, first_byte_ms: 300, heard_gap_ms: 760 },
    ]);
    const ask = (tenantId: string) =>
      metrics.rpc.ask(GetStreamLogRequestSchema, GetStreamLogResponseSchema, { tenantId, callId: 'ca_1' });
    expect((await ask('tn_a')).log).toMatchObject({
      callId: 'ca_1',
      handshakeMs: 260,
      firstByteLatencyMs: 320,
      bargeIns: 2,
    });
    await expect(ask('tn_b')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('of a stream that never connected has no handshake, instead of a very quick one', async () => {
    const record = metrics.service.app.get(RecordStreamWhenConversationEnded, { strict: false });
    const timings = {
      reservedAt: timestampFromDate(reservedAt),
      handshakeMs: 0,
      fellBack: true,
      errorMessage: 'no answer to +14165550111',
    };
    const event = create(ConversationEndedSchema, {
      ...conversation('ca_2'),
      result: ConversationResult.UPSTREAM_ERROR,
      timings,
    });
    await record.record(event, delivery('record-stream-when-conversation-ended', 'ev_2'));
    const [row] = await metrics.rows("SELECT * FROM voice_stream_logs WHERE call_id = 'ca_2'");
    expect(row).toMatchObject({
      elapsed_ms: null,
      connected_at: null,
      fell_back: true,
      first_byte_latency: null,
      result: 'upstream_error',
    });
    expect(String(row?.error_message)).not.toContain('4165550111');
  });

  it('of a call and of leads becomes one fact each', async () => {
    const telephony = await metrics.publisherOf('telephony-gateway');
    const leads = await metrics.publisherOf('lead-qualifier');
    const ended = {
      callId: 'ca_3',
      callSid: 'CA3',
      result: CallResult.NO_ANSWER,
      reason: 'no_answer',
      durationMs: 42_000n,
      startedAt: timestampFromDate(at(0)),
      endedAt: timestampFromDate(at(42_000)),
    };
    await telephony(CallEndedSchema, ended, 'tn_a', 'ev_3', at(42_000));
    await leads(
      LeadQualifiedSchema,
      {
        leadId: 'ld_1',
        callId: 'ca_3',
        category: LeadCategory.LEAD_CAPTURE,
        score: 80,
        language: 'fr-CA',
        partial: true,
      },
      'tn_a',
      'ev_4',
      at(1),
    );
    await leads(
      LeadDismissedSchema,
      { leadId: 'ld_2', callId: 'ca_4', reason: DismissalReason.SILENT_CALLER, language: 'en-CA' },
      'tn_b',
      'ev_5',
      at(2),
    );
    await eventually(async () => expect(await metrics.rows('SELECT * FROM call_facts')).toHaveLength(1));
    await eventually(async () => expect(await metrics.rows('SELECT * FROM lead_facts')).toHaveLength(2));
    expect(await metrics.rows('SELECT * FROM call_facts')).toEqual([
      {
        tenant_id: 'tn_a',
        call_id: 'ca_3',
        result: 'no_answer',
        reason: 'no_answer',
        duration_ms: '42000',
        started_at: at(0),
        ended_at: at(42_000),
      },
    ]);
    expect(await metrics.rows('SELECT * FROM lead_facts ORDER BY lead_id')).toEqual([
      {
        tenant_id: 'tn_a',
        lead_id: 'ld_1',
        call_id: 'ca_3',
        outcome: 'qualified',
        category: 'lead_capture',
        score: 80,
        dismissal: null,
        language: 'fr-CA',
        partial: true,
        decided_at: at(1),
      },
      {
        tenant_id: 'tn_b',
        lead_id: 'ld_2',
        call_id: 'ca_4',
        outcome: 'dismissed',
        category: null,
        score: null,
        dismissal: 'silent_caller',
        language: 'en-CA',
        partial: false,
        decided_at: at(2),
      },
    ]);
  });
});

describe('a second delivery changes nothing', () => {
  const get = <T>(type: new (...args: never[]) => T): T =>
    metrics.service.app.get<T>(type, { strict: false });
  const everything = () =>
    metrics.rows(`SELECT (SELECT json_agg(t ORDER BY t.call_id) FROM voice_stream_logs t) AS streams, (SELECT json_agg(t ORDER BY t.call_id, t.turn) FROM voice_turn_timings t) AS turns,
      (SELECT json_agg(t ORDER BY t.call_id) FROM call_facts t) AS calls, (SELECT json_agg(t ORDER BY t.lead_id) FROM lead_facts t) AS leads`);

  it.each<[string, () => (deliveryCount: number) => Promise<void>]>([
    [
      'of ConversationEnded',
      () => (n) =>
        get(RecordStreamWhenConversationEnded).record(
          create(ConversationEndedSchema, conversation('ca_9')),
          delivery('record-stream-when-conversation-ended', 'ev_91', n),
        ),
    ],
    [
      'of CallEnded',
      () => (n) =>
        get(RecordCallWhenCallEnded).record(
          create(CallEndedSchema, { callId: 'ca_9', durationMs: BigInt(n) }),
          delivery('record-call-when-call-ended', 'ev_92', n),
        ),
    ],
    [
      'of LeadQualified',
      () => (n) =>
        get(RecordLeadWhenLeadQualified).record(
          create(LeadQualifiedSchema, { leadId: 'ld_9', callId: 'ca_9', score: n }),
          delivery('record-lead-when-lead-qualified', 'ev_93', n),
        ),
    ],
    [
      'of LeadDismissed',
      () => (n) =>
        get(RecordLeadWhenLeadDismissed).record(
          create(LeadDismissedSchema, { leadId: 'ld_8', callId: 'ca_9', reason: n as DismissalReason }),
          delivery('record-lead-when-lead-dismissed', 'ev_94', n),
        ),
    ],
  ])('%s', async (_, recorder) => {
    const record = recorder();
    await record(1);
    const before = await everything();
    await Promise.all([record(2), record(3)]);
    expect(await everything()).toEqual(before);
  });

  it('and the same conversation under another event id is still one row', async () => {
    const record = get(RecordStreamWhenConversationEnded);
    const before = await metrics.rows(
      "SELECT count(*)::int AS n FROM voice_turn_timings WHERE call_id = 'ca_9'",
    );
    await record.record(
      create(ConversationEndedSchema, conversation('ca_9')),
      delivery('record-stream-when-conversation-ended', 'ev_95'),
    );
    expect(
      await metrics.rows("SELECT count(*)::int AS n FROM voice_turn_timings WHERE call_id = 'ca_9'"),
    ).toEqual(before);
  });
});

describe('an event that is about nothing', () => {
  it('is given up at once, for a person to look at', async () => {
    const record = metrics.service.app.get(RecordCallWhenCallEnded, { strict: false });
    await expect(async () =>
      record.record(create(CallEndedSchema, {}), delivery('record-call-when-call-ended', 'ev_99')),
    ).rejects.toMatchObject({ name: 'PermanentFailure' });
  });
});

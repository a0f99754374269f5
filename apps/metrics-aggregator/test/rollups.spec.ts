import { TenantKeys } from '@tradeline/service-runtime';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { decodeSketch, encodeSketch } from '../src/database/sketch-form.js';
import { EXACT_CALLS } from '../src/database/voice-health.repository.js';
import { Latencies } from '../src/domain/latencies.js';
import { VoiceHealthController } from '../src/features/browse-metrics/voice-health.controller.js';
import { JudgeHealth } from '../src/features/record-facts/judge-health.js';
import { RecordFacts } from '../src/features/record-facts/record-facts.js';
import { deliveryOf, type MetricsUnderTest, startMetrics, streamFact } from './metrics-under-test.js';

jest.setTimeout(60_000);

const DAY_S = 86_400;
const NOW = new Date('2026-11-22T12:34:56.789Z');
const ago = (ms: number): Date => new Date(NOW.getTime() - ms);

let metrics: MetricsUnderTest;
let record: RecordFacts;
beforeAll(async () => {
  metrics = await startMetrics();
  const keys = metrics.service.app.get(TenantKeys, { strict: false });
  record = new RecordFacts(metrics.database, new JudgeHealth(keys, { now: () => NOW }));
});
afterAll(() => metrics.stop());

let events = 0;
const tell = (tenantId: string, ...of: Parameters<typeof streamFact>) =>
  record.stream(streamFact(...of), deliveryOf(tenantId, `ev_${++events}`));

const CALLS = `
  INSERT INTO voice_stream_logs (tenant_id, call_id, call_sid, conversation_id, started_at, elapsed_ms, greeting_ms, fell_back, error_message,
    messages_in, messages_out, silence_nudges, barge_ins, truncations, false_interruptions, overlap_ms, model_errors, result, reason,
    language, adapter, ended_at)
  SELECT $1, 'ca_' || n, 'CA' || n, 'cv_' || n, $2::timestamptz - n * $4 * interval '1 millisecond', 100 + n * 7919 % 1301, 5 + n % 40,
    n % 20 = 0, '', n % 100, n % 90, n % 2, n % 3, n % 4, n % 5, n % 1000, (n % 200 = 0)::int,
    CASE WHEN n % 150 = 0 THEN 'upstream_error' ELSE 'completed' END, '',
    (ARRAY['en-CA', 'fr-CA', 'es-US', 'fil-PH'])[1 + n % 4], (ARRAY['openai-realtime', 'openai-text'])[1 + n / 4 % 2], now()
  FROM generate_series(1, $3::int) n`;

const TURNS = `
  INSERT INTO voice_turn_timings (tenant_id, call_id, turn, first_byte_ms, heard_gap_ms, started_at)
  SELECT tenant_id, call_id, turn, 50 + elapsed_ms * turn % 443, CASE WHEN turn < 3 THEN 700 + elapsed_ms * turn % 611 END, started_at
  FROM voice_stream_logs CROSS JOIN generate_series(1, 3) turn WHERE tenant_id = $1`;

/** So many calls, one every so many milliseconds back from NOW, as a release before rollups left them. */
const calls = async (tenantId: string, count: number, everyMs: number): Promise<void> => {
  await metrics.rows(CALLS, tenantId, NOW, count, everyMs);
  await metrics.rows(TURNS, tenantId);
};

/** Calls go on coming in until everything is rolled up. */
const rollUp = async (tenantId: string): Promise<void> => {
  for (let n = 0; ; n++) {
    const [row] = await metrics.rows(
      'SELECT count(*)::int AS left FROM voice_stream_logs WHERE tenant_id = $1 AND NOT rolled_up',
      tenantId,
    );
    if (row?.['left'] === 0) return;
    await tell(tenantId, `ca_later${n}`, ago(9 * DAY_S * 1_000));
  }
};

const health = (tenantId: string, windowSeconds: number, now = NOW) =>
  new VoiceHealthController(metrics.database, { now: () => now }).health({
    $typeName: 'metrics.v1.GetVoiceHealthRequest',
    tenantId,
    windowSeconds,
  });

/** What the facts say, without any rollup. */
const truth = async (tenantId: string, windowSeconds: number) => {
  const [row] = await metrics.rows(
    `SELECT count(*) AS calls, count(*) FILTER (WHERE fell_back) AS "fellBack",
       count(*) FILTER (WHERE model_errors > 0 OR result = 'upstream_error') AS "modelErrors", sum(silence_nudges) AS "silenceNudges",
       sum(messages_in) AS "messagesIn", sum(messages_out) AS "messagesOut", sum(barge_ins) AS "bargeIns",
       sum(false_interruptions) AS "falseInterruptions", sum(truncations) AS truncations, sum(overlap_ms) AS "overlapMs"
     FROM voice_stream_logs WHERE tenant_id = $1 AND started_at >= $2 AND started_at <= $3`,
    tenantId,
    ago(windowSeconds * 1_000),
    NOW,
  );
  return Object.fromEntries(Object.entries(row ?? {}).map(([name, value]) => [name, BigInt(String(value))]));
};

const percentilesOf = async (tenantId: string, windowSeconds: number, column: string, table: string) => {
  const [row] = await metrics.rows(
    `SELECT percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY ${column}) AS p, count(${column})::int AS n
     FROM ${table} WHERE tenant_id = $1 AND started_at >= $2 AND started_at <= $3`,
    tenantId,
    ago(windowSeconds * 1_000),
    NOW,
  );
  return row as { p: [number, number, number]; n: number };
};

/** The rollups, by what they hold; and the same counted from facts. Equal when every fact is in once. */
const rolledUp = (tenantId: string) =>
  metrics.rows(
    `SELECT grain, starts_at, language, adapter, calls::int, fell_back::int, messages_in::int, overlap_ms::int
     FROM voice_health_rollups WHERE tenant_id = $1 ORDER BY 1, 2, 3, 4`,
    tenantId,
  );
const fromFacts = (tenantId: string) =>
  metrics.rows(
    `SELECT grain, date_trunc(grain, started_at, 'UTC') AS starts_at, language, adapter, count(*)::int AS calls,
       count(*) FILTER (WHERE fell_back)::int AS fell_back, sum(messages_in)::int AS messages_in, sum(overlap_ms)::int AS overlap_ms
     FROM voice_stream_logs CROSS JOIN (VALUES ('hour'), ('day')) grains (grain)
     WHERE tenant_id = $1 AND rolled_up GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
    tenantId,
  );

describe('a window of many calls', () => {
  const MINUTES = 8 * DAY_S * 1_000;
  beforeAll(async () => {
    await calls('tn_many', 1_600, MINUTES / 1_600);
    await calls('tn_other', 30, MINUTES / 30);
    await rollUp('tn_many');
  });

  it('is read from rollups that hold every fact once, by hour and by day', async () => {
    expect(await rolledUp('tn_many')).toEqual(await fromFacts('tn_many'));
    expect(await rolledUp('tn_other')).toEqual([]);
  });

  it('counts what the facts count, and knows its percentiles within one per cent', async () => {
    const answer = await health('tn_many', 7 * DAY_S);
    expect(answer).toMatchObject(await truth('tn_many', 7 * DAY_S));
    expect(Number(answer.calls)).toBeGreaterThan(EXACT_CALLS);
    expect(answer.relativeAccuracy).toBe(0.005);
    for (const [shown, column, table] of [
      [answer.handshake, 'elapsed_ms', 'voice_stream_logs'],
      [answer.greeting, 'greeting_ms', 'voice_stream_logs'],
      [answer.firstByte, 'first_byte_ms', 'voice_turn_timings'],
      [answer.heardGap, 'heard_gap_ms', 'voice_turn_timings'],
    ] as const) {
      const { p, n } = await percentilesOf('tn_many', 7 * DAY_S, column, table);
      expect(Number(shown?.count)).toBe(n);
      [shown?.p50Ms, shown?.p95Ms, shown?.p99Ms].forEach((value, index) => {
        expect(Math.abs((value ?? 0) / (p[index] ?? 0) - 1)).toBeLessThan(0.01);
      });
    }
  });

  it('is broken down by language and adapter without losing a call', async () => {
    const { languages = [], adapters = [], calls: all } = await health('tn_many', 7 * DAY_S);
    expect(languages.map(({ name }) => name)).toEqual(['en-CA', 'es-US', 'fil-PH', 'fr-CA']);
    expect(adapters.map(({ name }) => name)).toEqual(['openai-realtime', 'openai-text']);
    for (const slices of [languages, adapters])
      expect(slices.reduce((sum, slice) => sum + Number(slice.calls), 0)).toBe(Number(all));
  });

  it('is the same whether its facts are rolled up or not', async () => {
    await calls('tn_pending', 1_600, MINUTES / 1_600);
    const pending = await health('tn_pending', 7 * DAY_S);
    const { calls: all, fellBack, overlapMs, modelErrors } = await health('tn_many', 7 * DAY_S);
    expect(pending).toMatchObject({ calls: all, fellBack, overlapMs, modelErrors, relativeAccuracy: 0 });
    await tell('tn_pending', 'ca_later', ago(9 * DAY_S * 1_000));
    expect((await rolledUp('tn_pending')).length).toBeGreaterThan(0);
    expect(await health('tn_pending', 7 * DAY_S)).toMatchObject({ calls: all, fellBack, overlapMs });
  });

  it('with few calls is exact', async () => {
    const answer = await health('tn_many', 3_600);
    const { p } = await percentilesOf('tn_many', 3_600, 'elapsed_ms', 'voice_stream_logs');
    expect(answer.relativeAccuracy).toBe(0);
    expect(answer.handshake?.p99Ms).toBeLessThanOrEqual(p[2]);
    expect(answer).toMatchObject({ calls: (await truth('tn_many', 3_600))['calls'] });
  });

  it('has the sketch that its values make, whatever was merged in which order', async () => {
    const [row] = await metrics.rows(
      `SELECT * FROM voice_health_rollups WHERE tenant_id = 'tn_many' AND grain = 'day' AND adapter = 'openai-realtime' ORDER BY calls DESC LIMIT 1`,
    );
    const values = await metrics.rows(
      `SELECT elapsed_ms FROM voice_stream_logs WHERE tenant_id = 'tn_many' AND language = $1 AND adapter = 'openai-realtime'
         AND date_trunc('day', started_at, 'UTC') = $2`,
      row?.['language'],
      row?.['starts_at'],
    );
    const whole = new Latencies();
    whole.addValues(values.map((value) => Number(value['elapsed_ms'])));
    const stored = new Uint8Array(row?.['handshake'] as Buffer);
    expect(stored).toEqual(encodeSketch(whole.sketch()));
    expect(decodeSketch(stored).count).toBe(values.length);
  });
});

describe('the rolling window over rollups', () => {
  it.each([DAY_S, 7 * DAY_S])('of %d seconds begins and ends at its millisecond', async (seconds) => {
    const tenantId = `tn_edge_${seconds}`;
    // One call a minute, each in a millisecond of its own, none of them on the minute.
    await calls(tenantId, 1_300, 60_000);
    await rollUp(tenantId);
    const counted = async (now: Date) => Number((await health(tenantId, seconds, now)).calls);
    const latest = await metrics.rows(
      `SELECT started_at FROM voice_stream_logs WHERE tenant_id = $1 ORDER BY started_at DESC LIMIT 1`,
      tenantId,
    );
    const last = (latest[0]?.['started_at'] as Date).getTime();
    const all = await counted(new Date(last));
    expect(await counted(new Date(last - 1))).toBe(all - 1);
    // A whole window after one of its calls that call is still in it; a millisecond later it has left.
    const middle = last - 700 * 60_000;
    const then = await counted(new Date(middle + seconds * 1_000));
    expect(await counted(new Date(middle + seconds * 1_000 + 1))).toBe(then - 1);
    expect(then).toBeGreaterThan(EXACT_CALLS);
  });
});

describe('a second delivery', () => {
  const startedAt = ago(2 * DAY_S * 1_000);
  const turns = [{ turn: 1, firstByteMs: 300, heardGapMs: 800 }];

  it('of the same event leaves the rollups as they are', async () => {
    await calls('tn_twice', 20, 3_600_000);
    const fact = streamFact('ca_twice', startedAt, { handshakeMs: 400, turns, messagesIn: 7 });
    await record.stream(fact, deliveryOf('tn_twice', 'ev_twice'));
    const before = await rolledUp('tn_twice');
    expect(before).toEqual(await fromFacts('tn_twice'));
    await Promise.all([2, 3].map((n) => record.stream(fact, deliveryOf('tn_twice', 'ev_twice', n))));
    expect(await rolledUp('tn_twice')).toEqual(before);
  });

  it('of the same conversation that says otherwise replaces what the first one said, on its day and on another', async () => {
    for (const [n, at] of [startedAt, ago(3 * DAY_S * 1_000)].entries()) {
      await tell('tn_twice', 'ca_twice', at, {
        handshakeMs: 900 + n,
        turns,
        messagesIn: 70 + n,
        overlapMs: 5,
      });
      expect(await rolledUp('tn_twice')).toEqual(await fromFacts('tn_twice'));
      expect(await health('tn_twice', 7 * DAY_S)).toMatchObject(await truth('tn_twice', 7 * DAY_S));
    }
    const [row] = await metrics.rows(
      `SELECT count(*)::int AS pending FROM voice_stream_logs WHERE tenant_id = 'tn_twice' AND NOT rolled_up`,
    );
    expect(row).toEqual({ pending: 0 });
  });

  it('or many at once, of calls of one hour, lose nothing and double nothing', async () => {
    const facts = Array.from({ length: 24 }, (_, n) =>
      streamFact(`ca_at_once${n}`, ago(n * 1_000), { handshakeMs: 100 + n, turns, messagesIn: n }),
    );
    await Promise.all(
      [...facts, ...facts].map((fact) => record.stream(fact, deliveryOf('tn_at_once', `ev_${fact.callId}`))),
    );
    const rolled = await rolledUp('tn_at_once');
    expect(rolled).toEqual(await fromFacts('tn_at_once'));
    expect(rolled.reduce((sum, row) => sum + Number(row['calls']), 0)).toBe(2 * 24);
  });
});

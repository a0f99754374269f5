import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  GetVoiceHealthRequestSchema,
  GetVoiceHealthResponseSchema,
  HealthLevel,
  HealthMeasure,
} from '@tradeline/contracts';
import { VoiceHealthController } from '../src/features/browse-metrics/voice-health.controller.js';
import { type MetricsUnderTest, startMetrics } from './metrics-under-test.js';

const SAMPLES = 2_000;
const DAY_S = 86_400;

let metrics: MetricsUnderTest;
beforeAll(async () => {
  metrics = await startMetrics();
});
afterAll(() => metrics.stop());

const INSERT = `
  INSERT INTO voice_stream_logs (tenant_id, call_id, call_sid, conversation_id, started_at, elapsed_ms, fell_back, error_message, messages_in,
    messages_out, silence_nudges, barge_ins, truncations, result, reason, adapter, ended_at)
  SELECT $1, 'ca_' || n, 'CA' || n, 'cv_' || n, $2, ms, n % 10 = 0, '', 3, 2, 1, 0, 0, 'completed', '', 'openai-realtime', now()
  FROM unnest($3::int[]) WITH ORDINALITY AS sample(ms, n)`;

const INSERT_TURNS = `
  INSERT INTO voice_turn_timings (tenant_id, call_id, turn, first_byte_ms, heard_gap_ms, started_at)
  SELECT $1, 'ca_' || n, 1, ms, ms * 2, $2 FROM unnest($3::int[]) WITH ORDINALITY AS sample(ms, n)`;

const measured = async (
  tenantId: string,
  startedAt: Date,
  handshakes: readonly number[],
  firstBytes: readonly number[] = [],
) => {
  await metrics.rows(INSERT, tenantId, startedAt, handshakes.map(Math.round));
  await metrics.rows(INSERT_TURNS, tenantId, startedAt, firstBytes.map(Math.round));
};

const healthOf = (tenantId: string, windowSeconds = DAY_S) =>
  metrics.rpc.ask(GetVoiceHealthRequestSchema, GetVoiceHealthResponseSchema, { tenantId, windowSeconds });

/** The quantiles of a distribution at evenly spread shares, in a shuffled order. */
const samplesOf = (quantile: (share: number) => number): number[] =>
  Array.from({ length: SAMPLES }, (_, n) => quantile((((n * 7_919) % SAMPLES) + 0.5) / SAMPLES));

const within = (actual: number | undefined, expected: number): void => {
  expect(Math.abs((actual ?? 0) - expected) / expected).toBeLessThan(0.01);
};

describe('the percentiles', () => {
  it.each<[string, (share: number) => number]>([
    ['uniform', (share) => 100 + 900 * share],
    ['exponential', (share) => -400 * Math.log(1 - share)],
    ['log-logistic', (share) => 300 * (share / (1 - share)) ** 0.3],
    ['bimodal', (share) => (share < 0.9 ? 200 + share : 2_000 + 100 * share)],
  ])('of a %s distribution are within one per cent of it', async (name, quantile) => {
    const tenantId = `tn_${name.replace('-', '_')}`;
    await measured(
      tenantId,
      new Date(),
      samplesOf(quantile),
      samplesOf((share) => quantile(share) + 50),
    );
    const { handshake, firstByte, heardGap, calls } = await healthOf(tenantId);
    expect(calls).toBe(BigInt(SAMPLES));
    for (const [share, key] of [
      [0.5, 'p50Ms'],
      [0.95, 'p95Ms'],
      [0.99, 'p99Ms'],
    ] as const) {
      within(handshake?.[key], quantile(share));
      within(firstByte?.[key], quantile(share) + 50);
      within(heardGap?.[key], 2 * (quantile(share) + 50));
    }
  });
});

describe('the rolling window', () => {
  const now = new Date('2026-11-22T12:00:00.000Z');
  const ago = (ms: number): Date => new Date(now.getTime() - ms);
  const at = (tenantId: string, windowSeconds: number) =>
    new VoiceHealthController(metrics.database, { now: () => now }).health({
      $typeName: 'metrics.v1.GetVoiceHealthRequest',
      tenantId,
      windowSeconds,
    });

  it.each([3_600, DAY_S, 604_800])(
    'of %d seconds begins with the first millisecond that belongs to it',
    async (seconds) => {
      const tenantId = `tn_window_${seconds}`;
      await measured(tenantId, ago(seconds * 1_000), [100], [10]);
      expect(await at(tenantId, seconds)).toMatchObject({
        calls: 1n,
        handshake: { count: 1n },
        firstByte: { count: 1n },
      });
      await metrics.rows(
        "UPDATE voice_stream_logs SET started_at = started_at - interval '1 millisecond' WHERE tenant_id = $1",
        tenantId,
      );
      await metrics.rows(
        "UPDATE voice_turn_timings SET started_at = started_at - interval '1 millisecond' WHERE tenant_id = $1",
        tenantId,
      );
      expect(await at(tenantId, seconds)).toMatchObject({
        calls: 0n,
        handshake: { count: 0n },
        firstByte: { count: 0n },
        level: HealthLevel.NO_DATA,
      });
    },
  );

  it('is a day when none is named, and none but those that are offered', async () => {
    expect(await healthOf('tn_a', 0)).toMatchObject({ windowSeconds: DAY_S });
    await expect(healthOf('tn_a', 60)).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('the level', () => {
  it.each([
    ['ok', 1_200, 400, HealthLevel.OK, HealthLevel.OK, HealthLevel.OK],
    ['warned_of_a_slow_start', 1_201, 400, HealthLevel.WARN, HealthLevel.OK, HealthLevel.WARN],
    ['critical_by_slow_answers', 100, 501, HealthLevel.OK, HealthLevel.CRITICAL, HealthLevel.CRITICAL],
    ['critical_by_a_slow_start', 1_501, 100, HealthLevel.CRITICAL, HealthLevel.OK, HealthLevel.CRITICAL],
  ])('is %s at %d ms and %d ms', async (name, handshakeMs, firstByteMs, handshake, firstByte, level) => {
    await measured(`tn_${name}`, new Date(), [handshakeMs], [firstByteMs]);
    expect(await healthOf(`tn_${name}`)).toMatchObject({
      level,
      handshake: { level: handshake, thresholdMs: 1_500 },
      firstByte: { level: firstByte, thresholdMs: 500 },
    });
  });

  it.each([
    ['ok, at five in a hundred that fell back and one with an error', 5, 1, HealthLevel.OK, HealthLevel.OK],
    ['a warning above five in a hundred that fell back', 6, 0, HealthLevel.WARN, HealthLevel.OK],
    ['critical above ten in a hundred that fell back', 11, 0, HealthLevel.CRITICAL, HealthLevel.OK],
    ['critical above one in a hundred with a model error', 0, 2, HealthLevel.OK, HealthLevel.CRITICAL],
  ])('by rates is %s', async (_, fellBack, withError, fallbackLevel, errorLevel) => {
    const tenantId = `tn_rates_${fellBack}_${withError}`;
    await measured(tenantId, new Date(), Array(100).fill(200));
    await metrics.rows(
      `UPDATE voice_stream_logs SET fell_back = substr(call_id, 4)::int <= $2,
         model_errors = CASE WHEN substr(call_id, 4)::int <= $3 THEN 4 ELSE 0 END WHERE tenant_id = $1`,
      tenantId,
      fellBack,
      withError,
    );
    const { findings, level } = await healthOf(tenantId);
    const of = (measure: HealthMeasure) => findings.find((finding) => finding.measure === measure);
    expect(of(HealthMeasure.FALLBACK_RATE)).toMatchObject({ value: fellBack / 100, level: fallbackLevel });
    expect(of(HealthMeasure.MODEL_ERROR_RATE)).toMatchObject({ value: withError / 100, level: errorLevel });
    expect(level).toBe(Math.max(fallbackLevel, errorLevel));
  });

  it('is not judged without data', async () => {
    expect(await healthOf('tn_nobody')).toMatchObject({
      level: HealthLevel.NO_DATA,
      calls: 0n,
      handshake: { level: HealthLevel.NO_DATA, p95Ms: 0 },
    });
  });
});

describe('a tenant', () => {
  it('is measured by its own calls alone', async () => {
    await measured('tn_fast', new Date(), Array(20).fill(100));
    await measured('tn_slow', new Date(), Array(20).fill(3_000));
    expect(await healthOf('tn_fast')).toMatchObject({
      calls: 20n,
      fellBack: 2n,
      silenceNudges: 20n,
      messagesIn: 60n,
      messagesOut: 40n,
      handshake: { p99Ms: 100 },
    });
    expect(await healthOf('tn_slow')).toMatchObject({ calls: 20n, handshake: { p50Ms: 3_000 } });
  });
});

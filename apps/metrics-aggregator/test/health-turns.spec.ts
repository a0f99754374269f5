import {
  HealthLevel,
  HealthMeasure,
  type VoiceHealthChanged,
  VoiceHealthChangedSchema,
} from '@tradeline/contracts';
import { TenantKeys } from '@tradeline/service-runtime';
import { eventually } from '@tradeline/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { VoiceHealthController } from '../src/features/browse-metrics/voice-health.controller.js';
import { JudgeHealth } from '../src/features/record-facts/judge-health.js';
import { RecordFacts } from '../src/features/record-facts/record-facts.js';
import { deliveryOf, type MetricsUnderTest, startMetrics, streamFact } from './metrics-under-test.js';

jest.setTimeout(60_000);

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
const START = new Date('2026-11-22T12:34:56.789Z').getTime();

let metrics: MetricsUnderTest;
let now = START;
const clock = { now: () => new Date(now) };
const told: { tenantId: string; event: VoiceHealthChanged }[] = [];

beforeAll(async () => {
  metrics = await startMetrics();
  const live = await metrics.live();
  for (const tenantId of ['tn_slow', 'tn_other', 'tn_trend', 'tn_again', 'tn_last']) {
    live.watch(tenantId, ({ schema, message }) => {
      if (schema === VoiceHealthChangedSchema) told.push({ tenantId, event: message as VoiceHealthChanged });
    });
  }
  await live.ready();
});
afterAll(() => metrics.stop());
beforeEach(() => {
  now = START;
});

const recorder = () =>
  new RecordFacts(
    metrics.database,
    new JudgeHealth(metrics.service.app.get(TenantKeys, { strict: false }), clock),
  );

let calls = 0;

/** So many calls of one turn each, one a second before the clock, told one after the other. */
const serve = async (
  tenantId: string,
  count: number,
  firstByteMs: number,
  startedAt = now,
): Promise<void> => {
  const record = recorder();
  for (let n = 0; n < count; n++) {
    const turns = [{ turn: 1, firstByteMs, heardGapMs: undefined }];
    const id = ++calls;
    await record.stream(
      streamFact(`ca_${id}`, new Date(startedAt - n * 1_000), { handshakeMs: 100, turns }),
      deliveryOf(tenantId, `ev_${id}`),
    );
  }
};

const toldTo = (tenantId: string) =>
  told.filter((one) => one.tenantId === tenantId).map(({ event }) => event);

/** Whoever is told of this turn has been told of all turns before: the relay keeps a tenant's order. */
const allToldTo = async (tenantId: string, turns: number) => {
  await eventually(async () => expect(await metrics.rows('SELECT 1 FROM outbox_events')).toEqual([]));
  await eventually(() => expect(toldTo(tenantId)).toHaveLength(turns));
  return toldTo(tenantId);
};

const setFirstBytes = (tenantId: string, above: number, to: number) =>
  metrics.rows(
    'UPDATE voice_turn_timings SET first_byte_ms = $3 WHERE tenant_id = $1 AND first_byte_ms > $2',
    tenantId,
    above,
    to,
  );

describe('a turn of voice health', () => {
  it('is said once, with what made it, and not when all is well from the start', async () => {
    await serve('tn_other', 12, 100);
    await serve('tn_slow', 40, 100);
    await serve('tn_slow', 8, 600);
    const [turn] = await allToldTo('tn_slow', 1);
    expect(turn).toMatchObject({
      level: HealthLevel.CRITICAL,
      before: HealthLevel.OK,
      windowSeconds: 86_400,
      findings: [{ measure: HealthMeasure.FIRST_BYTE_P95, criticalAbove: 500, level: HealthLevel.CRITICAL }],
    });
    expect(turn?.meta?.tenantId).toBe('tn_slow');
    expect(toldTo('tn_other')).toEqual([]);
  });

  it('does not flap around its bound, and comes back a tenth below it', async () => {
    for (const ms of [495, 505, 495, 505, 451]) {
      await setFirstBytes('tn_slow', 400, ms);
      await serve('tn_slow', 1, 100);
    }
    await allToldTo('tn_slow', 1);
    await setFirstBytes('tn_slow', 400, 360);
    await serve('tn_slow', 1, 100);
    const turns = await allToldTo('tn_slow', 2);
    expect(turns[1]).toMatchObject({ level: HealthLevel.OK, before: HealthLevel.CRITICAL, findings: [] });
  });

  it('is of the rolling day: what is older than a day makes none', async () => {
    now = START + 24 * HOUR_MS + 60_000;
    await serve('tn_slow', 12, 100);
    expect(toldTo('tn_slow')).toHaveLength(2);
  });

  it('is not said again by a second delivery, nor after a restart', async () => {
    await serve('tn_again', 10, 700);
    const record = recorder();
    const turns = [{ turn: 1, firstByteMs: 700, heardGapMs: undefined }];
    const fact = streamFact('ca_again', new Date(now), { handshakeMs: 100, turns });
    for (const n of [1, 2, 3]) await record.stream(fact, deliveryOf('tn_again', 'ev_again', n));
    await allToldTo('tn_again', 1);
    await metrics.restart();
    await serve('tn_again', 3, 700);
    await serve('tn_last', 10, 700);
    await allToldTo('tn_last', 1);
    expect(await allToldTo('tn_again', 1)).toMatchObject([
      { level: HealthLevel.CRITICAL, before: HealthLevel.NO_DATA },
    ]);
  });

  it('is not made by a few calls', async () => {
    await metrics.rows("DELETE FROM voice_health_states WHERE tenant_id = 'tn_few'");
    await serve('tn_few', 9, 700);
    expect(await metrics.rows("SELECT level FROM voice_health_states WHERE tenant_id = 'tn_few'")).toEqual([
      { level: 'no_data' },
    ]);
  });
});

describe('the trend against the week before', () => {
  const health = (tenantId: string) =>
    new VoiceHealthController(metrics.database, clock).health({
      $typeName: 'metrics.v1.GetVoiceHealthRequest',
      tenantId,
      windowSeconds: 3_600,
    });

  it('warns before a threshold is crossed', async () => {
    // A week ago: quick in this very hour, slow in the hours around it.
    now = START - WEEK_MS;
    await serve('tn_trend', 22, 200, now - 60_000);
    await serve('tn_trend', 22, 390, now - HOUR_MS - 60_000);
    await serve('tn_trend', 22, 390, now + HOUR_MS);
    now = START;
    await serve('tn_trend', 19, 340);
    expect(await health('tn_trend')).toMatchObject({
      level: HealthLevel.OK,
      firstByteTrend: { factor: 0, level: HealthLevel.NO_DATA },
    });
    await serve('tn_trend', 3, 340);
    expect(await health('tn_trend')).toMatchObject({
      level: HealthLevel.WARN,
      firstByte: { p95Ms: 340, level: HealthLevel.OK },
      firstByteTrend: {
        beforeP95Ms: 200,
        beforeCount: 22n,
        nowP95Ms: 340,
        nowCount: 22n,
        factor: 1.7,
        warnAbove: 1.5,
        level: HealthLevel.WARN,
      },
      handshakeTrend: { factor: 1, level: HealthLevel.OK },
    });
    const turns = await allToldTo('tn_trend', 1);
    expect(turns[0]).toMatchObject({
      level: HealthLevel.WARN,
      before: HealthLevel.OK,
      findings: [{ measure: HealthMeasure.FIRST_BYTE_TREND, value: 1.7, level: HealthLevel.WARN }],
    });
  });

  it('of another tenant has no part in it', async () => {
    expect(await health('tn_nobody')).toMatchObject({ level: HealthLevel.NO_DATA, calls: 0n });
  });
});

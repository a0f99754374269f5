import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { encodeSketch } from '../src/database/sketch-form.js';
import { WINDOW } from '../src/database/voice-health.repository.js';
import { Latencies } from '../src/domain/latencies.js';
import { cover, DAY_MS, HOUR_MS } from '../src/domain/time-cover.js';
import { type MetricsUnderTest, startMetrics } from './metrics-under-test.js';

jest.setTimeout(60_000);

const NOW = new Date('2026-11-22T12:34:56.789Z').getTime();
const TENANTS = 30;
const CELLS = 8;

const ROLLUPS = `
  INSERT INTO voice_health_rollups
  SELECT 'tn_' || tenant, grain, at, language, adapter, 100, 1, 1, 1, 1, 1, 1, 1, 1, 1, $1, $1, $1, $1
  FROM (VALUES ('hour', interval '1 hour'), ('day', interval '1 day')) grains (grain, step)
  CROSS JOIN LATERAL generate_series('2026-11-14T00:00Z'::timestamptz, '2026-11-22T12:00Z', step) at
  CROSS JOIN unnest(ARRAY['en-CA', 'fr-CA', 'es-US', 'fil-PH']) language
  CROSS JOIN unnest(ARRAY['openai-realtime', 'openai-text']) adapter
  CROSS JOIN generate_series(1, $2::int) tenant`;

const FACTS = `
  INSERT INTO voice_stream_logs (tenant_id, call_id, call_sid, conversation_id, started_at, fell_back, error_message, messages_in,
    messages_out, silence_nudges, barge_ins, truncations, result, reason, adapter, ended_at, rolled_up)
  SELECT 'tn_' || tenant, 'ca_' || tenant || '_' || n, '', '', $1::timestamptz - n * interval '10 minutes', false, '', 1, 1, 1, 1, 1,
    'completed', '', 'openai-realtime', now(), n > 6
  FROM generate_series(0, 1200) n CROSS JOIN generate_series(1, $2::int) tenant`;

const TURNS = `
  INSERT INTO voice_turn_timings (tenant_id, call_id, turn, first_byte_ms, started_at)
  SELECT tenant_id, call_id, turn, 300, started_at FROM voice_stream_logs CROSS JOIN generate_series(1, 3) turn`;

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

const scansIn = (plan: Plan, table?: string): Plan[] => {
  const inherited = plan['Relation Name'] ?? table;
  const below = (plan.Plans ?? []).flatMap((child) => scansIn(child, inherited));
  return /Scan/.test(plan['Node Type'])
    ? [{ ...plan, ...(inherited && { 'Relation Name': inherited }) }, ...below]
    : below;
};

describe('the query of a window', () => {
  let metrics: MetricsUnderTest;
  beforeAll(async () => {
    metrics = await startMetrics();
    const latencies = new Latencies();
    latencies.addValues(Array.from({ length: 100 }, (_, n) => 100 + n * n));
    await metrics.rows(ROLLUPS, Buffer.from(encodeSketch(latencies.sketch())), TENANTS);
    await metrics.rows(FACTS, new Date(NOW), TENANTS);
    await metrics.rows(TURNS);
    await metrics.rows('ANALYZE');
  });
  afterAll(() => metrics.stop());

  const scansOf = async (windowMs: number): Promise<Plan[]> => {
    const span = { from: NOW - windowMs, until: NOW + 1 };
    const { whole, days } = cover(span);
    const edges = [span.from, whole.from, whole.until, span.until, days.from, days.until];
    const [row] = await metrics.database.inTenant('tn_7', (tx) =>
      tx.$queryRawUnsafe<{ 'QUERY PLAN': { Plan: Plan }[] }[]>(
        `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${WINDOW}`,
        ...edges.map((ms) => new Date(ms)),
      ),
    );
    const plan = row?.['QUERY PLAN'][0]?.Plan;
    if (!plan) throw new Error('no plan');
    return scansIn(plan);
  };

  // A call every ten minutes, the last seven of them not rolled up: four in the hour that runs, three in the one before.
  it.each([
    ['hour', HOUR_MS, 0, 3 + 4],
    ['day', DAY_MS, 23, 3 + 3 + 4],
    ['week', 7 * DAY_MS, 11 + 6 + 12, 3 + 3 + 4],
  ])(
    'of a %s reads the rows of that window and tenant, by index, and no others',
    async (_, windowMs, buckets, facts) => {
      const scans = await scansOf(windowMs);
      expect(scans.filter((scan) => scan['Node Type'] === 'Seq Scan')).toEqual([]);
      expect(scans.filter((scan) => (scan['Rows Removed by Filter'] ?? 0) > 0)).toEqual([]);
      for (const scan of scans) if (scan['Index Cond']) expect(scan['Index Cond']).toContain('tenant_id = ');
      const read = (table: string) =>
        scans
          .filter((scan) => scan['Relation Name'] === table)
          .filter((scan) => scan['Node Type'] !== 'Bitmap Index Scan')
          .reduce((sum, scan) => sum + scan['Actual Rows'] * scan['Actual Loops'], 0);
      expect(read('voice_health_rollups')).toBe(buckets * CELLS);
      expect(read('voice_stream_logs')).toBe(facts);
      expect(read('voice_turn_timings')).toBe(3 * facts);
    },
  );
});

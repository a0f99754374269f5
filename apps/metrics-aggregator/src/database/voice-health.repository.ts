import { RELATIVE_ACCURACY } from '../domain/latencies.js';
import { cover, HOUR_MS, type Span } from '../domain/time-cover.js';
import type { HourP95 } from '../domain/trend.js';
import { WindowFigures } from '../domain/window-figures.js';
import { HealthStateRepository } from './health-state.repository.js';
import type { MetricsTx, StreamLogRow } from './prisma.js';
import {
  addCounters,
  addFacts,
  addSketches,
  clockEntries,
  COUNTER_COLUMNS,
  counterEntries,
  FACT_COLUMNS,
  type Row,
  textOf,
  TURNS_OF_FACTS,
} from './stream-columns.js';

export type StreamLog = Omit<StreamLogRow, 'tenantId'>;

/** The last hour and the same hour a week before. */
export interface HoursP95 {
  readonly handshake: { readonly before: HourP95; readonly now: HourP95 };
  readonly firstByte: { readonly before: HourP95; readonly now: HourP95 };
}

/** Up to so many calls are read as facts: quicker than sketches, and exact. */
export const EXACT_CALLS = 500;

/** The rollups of the whole hours $1 to $2, days $2 to $3 and hours $3 to $4; one index scan each. */
const rollups = (columns: string): string =>
  [
    ['hour', '$1', '$2'],
    ['day', '$2', '$3'],
    ['hour', '$3', '$4'],
  ]
    .map(
      ([grain, from, until]) => `
  SELECT ${columns} FROM voice_health_rollups
  WHERE grain = '${grain}' AND starts_at >= ${from}::timestamptz AND starts_at < ${until}::timestamptz`,
    )
    .join(' UNION ALL ');

export const ROLLED_UP_CALLS = `SELECT coalesce(sum(calls), 0)::float8 AS calls FROM (${rollups('calls')}) rolled`;

export const ROLLUPS = rollups(
  [
    'language',
    'adapter',
    ...counterEntries.map(([, column]) => `${column}::float8 AS ${column}`),
    ...clockEntries.map(([, column]) => column),
  ].join(', '),
);

/** The facts from $1 up to $4, without those between $2 and $3 that the rollups hold; each part by its own index. */
export const FACTS = `
  WITH facts AS MATERIALIZED (
    SELECT ${FACT_COLUMNS} FROM voice_stream_logs
    WHERE started_at >= $1::timestamptz AND started_at < $2::timestamptz
    UNION ALL
    SELECT ${FACT_COLUMNS} FROM voice_stream_logs
    WHERE started_at >= $2::timestamptz AND started_at < $3::timestamptz AND NOT rolled_up
    UNION ALL
    SELECT ${FACT_COLUMNS} FROM voice_stream_logs
    WHERE started_at >= $3::timestamptz AND started_at < $4::timestamptz
  )
  SELECT * FROM (
    SELECT language, adapter, ${Object.values(COUNTER_COLUMNS)
      .map((column) => `sum(${column})::float8 AS ${column}`)
      .join(', ')},
      array_agg(elapsed_ms) FILTER (WHERE elapsed_ms IS NOT NULL) AS handshake,
      array_agg(greeting_ms) FILTER (WHERE greeting_ms IS NOT NULL) AS greeting
    FROM facts GROUP BY language, adapter
  ) streams
  LEFT JOIN (
    SELECT language, adapter, array_agg(first_byte_ms) AS first_byte,
      array_agg(heard_gap_ms) FILTER (WHERE heard_gap_ms IS NOT NULL) AS heard_gap
    FROM ${TURNS_OF_FACTS} GROUP BY language, adapter
  ) answers USING (language, adapter)`;

const p95 = (name: string, column: string, table: string, from: string, until: string): string => `
  (SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY ${column}) AS ${name}_p95, count(${column})::float8 AS ${name}_count
   FROM ${table} WHERE started_at >= ${from}::timestamptz AND started_at < ${until}::timestamptz) ${name}`;

const HOURS = `SELECT * FROM
  ${p95('handshake_before', 'elapsed_ms', 'voice_stream_logs', '$1', '$2')},
  ${p95('handshake_now', 'elapsed_ms', 'voice_stream_logs', '$3', '$4')},
  ${p95('first_byte_before', 'first_byte_ms', 'voice_turn_timings', '$1', '$2')},
  ${p95('first_byte_now', 'first_byte_ms', 'voice_turn_timings', '$3', '$4')}`;

const hourP95 = (row: Row, name: string): HourP95 => ({
  p95: Number(row[`${name}_p95`] ?? 0),
  count: Number(row[`${name}_count`] ?? 0),
});

const WEEK_MS = 7 * 24 * HOUR_MS;

const date = (ms: number): Date => new Date(ms);

/** What is asked of one tenant's streams and their rollups. */
export class VoiceHealthRepository {
  constructor(
    private readonly tx: MetricsTx,
    private readonly tenantId: string,
  ) {}

  /**
   * Figures of the streams that started in the span, by language and adapter: whole hours and days from rollups, the
   * edges and what is not rolled up yet from facts. With few calls all of it is facts, and exact.
   */
  async window(span: Span): Promise<WindowFigures> {
    const { whole, hoursBefore, days, hoursAfter } = cover(span);
    const spans = [hoursBefore.from, days.from, days.until, hoursAfter.until].map(date);
    const [rolled = {}] = await this.tx.$queryRawUnsafe<Row[]>(ROLLED_UP_CALLS, ...spans);
    const figures = new WindowFigures();
    if (Number(rolled['calls']) <= EXACT_CALLS) {
      await this.#addFacts(figures, span, { from: span.until, until: span.until });
      return figures;
    }
    // A fact that is rolled up between the two reads would be missed.
    await new HealthStateRepository(this.tx, this.tenantId).hold();
    await this.#addRollups(figures, spans);
    await this.#addFacts(figures, span, whole);
    return figures;
  }

  /** How far the percentiles of these figures may be off, as a share of themselves. */
  static accuracyOf(figures: WindowFigures): number {
    return figures.cells.every((cell) => cell.figures.exact) ? 0 : RELATIVE_ACCURACY;
  }

  /** The P95 of the hour that ends at `until` and of the same hour a week before, exact. */
  async hours(until: number): Promise<HoursP95> {
    const edges = [until - HOUR_MS - WEEK_MS, until - WEEK_MS, until - HOUR_MS, until].map(date);
    const [row = {}] = await this.tx.$queryRawUnsafe<Row[]>(HOURS, ...edges);
    return {
      handshake: { before: hourP95(row, 'handshake_before'), now: hourP95(row, 'handshake_now') },
      firstByte: { before: hourP95(row, 'first_byte_before'), now: hourP95(row, 'first_byte_now') },
    };
  }

  async logOf(callId: string): Promise<StreamLog | undefined> {
    return (await this.tx.voiceStreamLog.findFirst({ where: { callId } })) ?? undefined;
  }

  async #addRollups(to: WindowFigures, spans: readonly Date[]): Promise<void> {
    for (const row of await this.tx.$queryRawUnsafe<Row[]>(ROLLUPS, ...spans)) {
      const figures = to.of(textOf(row, 'language'), textOf(row, 'adapter'));
      addCounters(figures, row);
      addSketches(figures, row);
    }
  }

  async #addFacts(to: WindowFigures, span: Span, whole: Span): Promise<void> {
    const edges = [span.from, whole.from, whole.until, span.until].map(date);
    for (const row of await this.tx.$queryRawUnsafe<Row[]>(FACTS, ...edges))
      addFacts(to.of(textOf(row, 'language'), textOf(row, 'adapter')), row);
  }
}

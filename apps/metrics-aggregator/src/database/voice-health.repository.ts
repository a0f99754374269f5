import { RELATIVE_ACCURACY } from '../domain/latencies.js';
import { cover, HOUR_MS, type Span } from '../domain/time-cover.js';
import type { HourP95 } from '../domain/trend.js';
import { WindowFigures } from '../domain/window-figures.js';
import type { MetricsTx, StreamLogRow } from './prisma.js';
import { sumOfSketches } from './sketch-form.js';
import {
  addCounters,
  addFacts,
  clockEntries,
  counterEntries,
  FACT_COLUMNS,
  joined,
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

const COUNTERS = counterEntries.map(([, column]) => column);

/** The rollups of the whole hours $2 to $5, days $5 to $6 and hours $6 to $3; one index scan each. */
const ROLLUPS = [
  ['hour', '$2', '$5'],
  ['day', '$5', '$6'],
  ['hour', '$6', '$3'],
]
  .map(
    ([grain, from, until]) => `
    SELECT language, adapter, ${[...COUNTERS, ...clockEntries.map(([, column]) => column)].join(', ')} FROM voice_health_rollups
    WHERE grain = '${grain}' AND starts_at >= ${from}::timestamptz AND starts_at < ${until}::timestamptz`,
  )
  .join(' UNION ALL ');

/** The facts from $1 up to $4, without those between $2 and $3 that the rollups hold; each part by its own index. */
const FACTS = [
  ['$1', '$2', ''],
  ['$2', '$3', 'AND NOT rolled_up'],
  ['$3', '$4', ''],
]
  .map(
    ([from, until, only]) => `
    SELECT ${FACT_COLUMNS} FROM voice_stream_logs
    WHERE started_at >= ${from}::timestamptz AND started_at < ${until}::timestamptz ${only}`,
  )
  .join(' UNION ALL ');

/**
 * A window in one statement, so that it is of one moment: a fact is either in the rollups or pending. A row for each
 * language and adapter, since what a driver takes to hand over some hundred rows is more than all else together.
 */
export const WINDOW = `
  WITH facts AS MATERIALIZED (${FACTS})
  SELECT * FROM (
    SELECT language, adapter, ${COUNTERS.map((column) => `sum(${column})::float8 AS ${column}`).join(', ')},
      ${joined('elapsed_ms')}, ${joined('greeting_ms')}
    FROM facts GROUP BY language, adapter
  ) streams
  LEFT JOIN (
    SELECT language, adapter, ${joined('first_byte_ms')}, ${joined('heard_gap_ms')}
    FROM ${TURNS_OF_FACTS} GROUP BY language, adapter
  ) answers USING (language, adapter)
  FULL JOIN (
    SELECT language, adapter, ${COUNTERS.map((column) => `sum(${column})::float8 AS rolled_${column}`).join(', ')},
      ${clockEntries.map(([, column]) => `encode(string_agg(int4send(length(${column})) || ${column}, ''), 'base64') AS ${column}`).join(', ')}
    FROM (${ROLLUPS}) rollups GROUP BY language, adapter
  ) rolled USING (language, adapter)`;

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

const figuresOf = (rows: readonly Row[]): WindowFigures => {
  const window = new WindowFigures();
  for (const row of rows) {
    const figures = window.of(textOf(row, 'language'), textOf(row, 'adapter'));
    addFacts(figures, row);
    addCounters(figures, row, 'rolled_');
    for (const [name, column] of clockEntries) {
      const stored = textOf(row, column);
      if (stored !== '') figures.clocks[name].addSketch(sumOfSketches(Buffer.from(stored, 'base64')));
    }
  }
  return window;
};

/** What is asked of one tenant's streams and their rollups. */
export class VoiceHealthRepository {
  constructor(private readonly tx: MetricsTx) {}

  /**
   * Figures of the streams that started in the span, by language and adapter: whole hours and days from rollups, the
   * edges and what is not rolled up yet from facts. With few calls all of it is facts, and exact.
   */
  async window(span: Span): Promise<WindowFigures> {
    const { whole, days } = cover(span);
    const rows = await this.#rows(span, whole, days);
    const rolledUp = rows.reduce((sum, row) => sum + Number(row['rolled_calls'] ?? 0), 0);
    if (rolledUp === 0 || rolledUp > EXACT_CALLS) return figuresOf(rows);
    const none = { from: span.until, until: span.until };
    return figuresOf(await this.#rows(span, none, none));
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

  #rows(span: Span, whole: Span, days: Span): Promise<Row[]> {
    const edges = [span.from, whole.from, whole.until, span.until, days.from, days.until];
    return this.tx.$queryRawUnsafe<Row[]>(WINDOW, ...edges.map(date));
  }
}

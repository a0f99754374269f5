import { DAY_MS, dayOf, hourOf } from '../domain/time-cover.js';
import { type Figures, WindowFigures } from '../domain/window-figures.js';
import type { MetricsTx } from './prisma.js';
import { decodeSketch, encodeSketch } from './sketch-form.js';
import {
  addFacts,
  clockEntries,
  counterEntries,
  FACT_COLUMNS,
  type Row,
  textOf,
  TURNS_OF_FACTS,
} from './stream-columns.js';

/** A transaction stays short; what is left waits for the next call, and is read as facts until then. */
const MOST_AT_ONCE = 500;

const PENDING = `
  WITH facts AS MATERIALIZED (
    SELECT ${FACT_COLUMNS} FROM voice_stream_logs WHERE NOT rolled_up ORDER BY started_at LIMIT ${MOST_AT_ONCE}
  )
  SELECT facts.*, ARRAY[elapsed_ms] AS handshake, ARRAY[greeting_ms] AS greeting, first_byte, heard_gap
  FROM facts LEFT JOIN (
    SELECT call_id, array_agg(first_byte_ms) AS first_byte,
      array_agg(heard_gap_ms) FILTER (WHERE heard_gap_ms IS NOT NULL) AS heard_gap
    FROM ${TURNS_OF_FACTS} GROUP BY call_id
  ) answers USING (call_id)`;

const CLOCKS = clockEntries.map(([, column]) => column);
const COUNTERS = counterEntries.map(([, column]) => column);

const SKETCHES = `
  SELECT ${CLOCKS.join(', ')} FROM voice_health_rollups
  WHERE grain = $1 AND starts_at = $2 AND language = $3 AND adapter = $4`;

const SAVE = `
  INSERT INTO voice_health_rollups (tenant_id, grain, starts_at, language, adapter, ${[...COUNTERS, ...CLOCKS].join(', ')})
  VALUES (${Array.from({ length: 5 + COUNTERS.length + CLOCKS.length }, (_, n) => `$${n + 1}`).join(', ')})
  ON CONFLICT (tenant_id, grain, starts_at, language, adapter) DO UPDATE SET
    ${COUNTERS.map((column) => `${column} = voice_health_rollups.${column} + excluded.${column}`).join(', ')},
    ${CLOCKS.map((column) => `${column} = excluded.${column}`).join(', ')}`;

type Grain = 'hour' | 'day';

const startOf: Readonly<Record<Grain, (time: Date) => Date>> = { hour: hourOf, day: dayOf };

interface Bucket {
  readonly grain: Grain;
  readonly startsAt: Date;
  readonly figures: WindowFigures;
}

const bucketsOf = (rows: readonly Row[]): Bucket[] => {
  const buckets = new Map<string, Bucket>();
  for (const row of rows) {
    for (const grain of ['hour', 'day'] as const) {
      const startsAt = startOf[grain](row['started_at'] as Date);
      const key = `${grain} ${startsAt.getTime()}`;
      const bucket = buckets.get(key) ?? { grain, startsAt, figures: new WindowFigures() };
      buckets.set(key, bucket);
      addFacts(bucket.figures.of(textOf(row, 'language'), textOf(row, 'adapter')), row);
    }
  }
  return [...buckets.values()];
};

/**
 * The rollups of one tenant. A fact is merged into those of its hour and its day once, in the transaction that marks it
 * as rolled up; the caller holds the tenant's lock, so no two merge at a time.
 */
export class RollupRepository {
  constructor(
    private readonly tx: MetricsTx,
    private readonly tenantId: string,
  ) {}

  /** Merges the oldest facts that no rollup holds yet. */
  async rollUpPending(): Promise<void> {
    const rows = await this.tx.$queryRawUnsafe<Row[]>(PENDING);
    if (rows.length === 0) return;
    for (const { grain, startsAt, figures } of bucketsOf(rows)) {
      for (const cell of figures.cells)
        await this.#merge([grain, startsAt, cell.language, cell.adapter], cell.figures);
    }
    await this.tx.$executeRawUnsafe(
      'UPDATE voice_stream_logs SET rolled_up = true WHERE call_id = ANY($1::text[])',
      rows.map((row) => textOf(row, 'call_id')),
    );
  }

  /**
   * Takes a day out of the rollups, because a fact that they hold is about to change: a sketch cannot give back what it
   * took. Its facts are pending again.
   */
  async reopenDayOf(time: Date): Promise<void> {
    const day = dayOf(time);
    const next = new Date(day.getTime() + DAY_MS);
    await this.tx.$executeRawUnsafe(
      `DELETE FROM voice_health_rollups WHERE grain IN ('hour', 'day') AND starts_at >= $1 AND starts_at < $2`,
      day,
      next,
    );
    await this.tx.$executeRawUnsafe(
      'UPDATE voice_stream_logs SET rolled_up = false WHERE started_at >= $1 AND started_at < $2',
      day,
      next,
    );
  }

  async #merge(key: readonly [Grain, Date, string, string], figures: Figures): Promise<void> {
    const [stored = {}] = await this.tx.$queryRawUnsafe<Row[]>(SKETCHES, ...key);
    const sketches = clockEntries.map(([name, column]) => {
      const before = stored[column];
      if (before instanceof Uint8Array) figures.clocks[name].addSketch(decodeSketch(before));
      return figures.clocks[name].count === 0 ? null : encodeSketch(figures.clocks[name].sketch());
    });
    const counters = counterEntries.map(([name]) => figures.counters[name]);
    await this.tx.$executeRawUnsafe(SAVE, this.tenantId, ...key, ...counters, ...sketches);
  }
}

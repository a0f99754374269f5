import { DAY_MS, dayOf, hourOf } from '../domain/time-cover.js';
import { Figures } from '../domain/window-figures.js';
import type { MetricsTx } from './prisma.js';
import { encodeSketch } from './sketch-form.js';
import {
  addFacts,
  addSketches,
  clockEntries,
  counterEntries,
  FACT_COLUMNS,
  joined,
  type Row,
  textOf,
  TURNS_OF_FACTS,
} from './stream-columns.js';

/** A transaction stays short; what is left waits for the next call, and is read as facts until then. */
const MOST_AT_ONCE = 200;

const CLOCKS = clockEntries.map(([, column]) => column);
const COUNTERS = counterEntries.map(([, column]) => column);

const PENDING = `
  WITH facts AS MATERIALIZED (
    SELECT ${FACT_COLUMNS} FROM voice_stream_logs WHERE NOT rolled_up ORDER BY started_at LIMIT ${MOST_AT_ONCE}
  )
  SELECT tenant_id, call_id, started_at, language, adapter, ${COUNTERS.join(', ')},
    elapsed_ms::text AS elapsed_ms, greeting_ms::text AS greeting_ms, first_byte_ms, heard_gap_ms
  FROM facts LEFT JOIN (
    SELECT call_id, ${joined('first_byte_ms')}, ${joined('heard_gap_ms')} FROM ${TURNS_OF_FACTS} GROUP BY call_id
  ) answers USING (call_id)`;

const KEYS = ['grain', 'starts_at', 'language', 'adapter'];

/** What is stored of the given rollups. */
const STORED = `
  SELECT ${[...KEYS, ...CLOCKS].join(', ')} FROM voice_health_rollups
  JOIN unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[]) AS wanted (${KEYS.join(', ')})
  USING (${KEYS.join(', ')})`;

const COLUMNS = ['tenant_id', ...KEYS, ...COUNTERS, ...CLOCKS];

/** Counts are added to what is stored; sketches replace it, as they were merged with it. */
const saving = (rows: number): string => `
  INSERT INTO voice_health_rollups (${COLUMNS.join(', ')}) VALUES
  ${Array.from({ length: rows }, (_, row) => `(${COLUMNS.map((__, n) => `$${row * COLUMNS.length + n + 1}`).join(', ')})`).join(', ')}
  ON CONFLICT (tenant_id, grain, starts_at, language, adapter) DO UPDATE SET
    ${COUNTERS.map((column) => `${column} = voice_health_rollups.${column} + excluded.${column}`).join(', ')},
    ${CLOCKS.map((column) => `${column} = excluded.${column}`).join(', ')}`;

type Grain = 'hour' | 'day';

const startOf: Readonly<Record<Grain, (time: Date) => Date>> = { hour: hourOf, day: dayOf };

interface Rollup {
  readonly grain: Grain;
  readonly startsAt: Date;
  readonly language: string;
  readonly adapter: string;
  readonly figures: Figures;
}

const keyOf = (grain: string, startsAt: Date, language: string, adapter: string): string =>
  JSON.stringify([grain, startsAt, language, adapter]);

/** The facts by hour and by day, language and adapter. */
const rollupsOf = (rows: readonly Row[]): Map<string, Rollup> => {
  const rollups = new Map<string, Rollup>();
  for (const row of rows) {
    const [language, adapter] = [textOf(row, 'language'), textOf(row, 'adapter')];
    for (const grain of ['hour', 'day'] as const) {
      const startsAt = startOf[grain](row['started_at'] as Date);
      const key = keyOf(grain, startsAt, language, adapter);
      const rollup = rollups.get(key) ?? { grain, startsAt, language, adapter, figures: new Figures() };
      rollups.set(key, rollup);
      addFacts(rollup.figures, row);
    }
  }
  return rollups;
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
    const rollups = rollupsOf(rows);
    await this.#addStored(rollups);
    await this.#save([...rollups.values()]);
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

  async #addStored(to: ReadonlyMap<string, Rollup>): Promise<void> {
    const wanted = [...to.values()];
    const rows = await this.tx.$queryRawUnsafe<Row[]>(
      STORED,
      wanted.map(({ grain }) => grain),
      wanted.map(({ startsAt }) => startsAt.toISOString()),
      wanted.map(({ language }) => language),
      wanted.map(({ adapter }) => adapter),
    );
    for (const row of rows) {
      const key = keyOf(
        textOf(row, 'grain'),
        row['starts_at'] as Date,
        textOf(row, 'language'),
        textOf(row, 'adapter'),
      );
      const rollup = to.get(key);
      if (rollup) addSketches(rollup.figures, row);
    }
  }

  async #save(rollups: readonly Rollup[]): Promise<void> {
    const values = rollups.flatMap(({ grain, startsAt, language, adapter, figures }) => [
      this.tenantId,
      grain,
      startsAt,
      language,
      adapter,
      ...counterEntries.map(([name]) => figures.counters[name]),
      ...clockEntries.map(([name]) => {
        const latencies = figures.clocks[name];
        return latencies.count === 0 ? null : encodeSketch(latencies.sketch());
      }),
    ]);
    await this.tx.$executeRawUnsafe(saving(rollups.length), ...values);
  }
}

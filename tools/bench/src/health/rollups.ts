import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { DDSketch } from '@datadog/sketches-js';
import pg from 'pg';

/** What the aggregator's sketches promise; it refuses those of another accuracy. */
const RELATIVE_ACCURACY = 0.005;
const LANGUAGES = ['en-CA', 'fr-CA', 'es', 'tl'];
const ADAPTERS = ['openai-realtime', 'openai-text-elevenlabs'];
const CELLS = LANGUAGES.length * ADAPTERS.length;
/** A week, and a day before it so that a window that begins in the middle of one finds it whole. */
const DAYS = 8;
const HOURS_OF_A_WEEK = 7 * 24;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** So many different sketches of each clock take turns. */
const VARIETY = 16;
/** Medians in milliseconds: handshake, first byte, heard gap, greeting. */
const MEDIANS = [180, 300, 850, 25];
/** A long tail, as latencies have. */
const TAIL = 0.25;

/** The form in which the aggregator stores a sketch (docs/decisions/0011), written again: a tool imports no service. */
const stored = ({ store, mapping, zeroCount }: DDSketch): Buffer => {
  const first = store.bins.findIndex((count) => count > 0);
  const counts = store.bins.slice(first, store.bins.findLastIndex((count) => count > 0) + 1);
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Bit64).double(mapping.gamma);
  writer.tag(2, WireType.Varint).uint64(zeroCount);
  writer.tag(3, WireType.Varint).sint32(store.offset + first);
  writer.tag(4, WireType.LengthDelimited).fork();
  for (const count of counts) writer.uint64(count);
  return Buffer.from(writer.join().finish());
};

/** Sketches of so many calls each, the four clocks of one after those of another. */
const sketches = (calls: number): Buffer[] =>
  Array.from({ length: VARIETY * MEDIANS.length }, (_, n) => {
    const sketch = new DDSketch({ relativeAccuracy: RELATIVE_ACCURACY });
    for (let call = 0; call < calls; call += 1) {
      const share = (call + (n + 1) / (VARIETY * MEDIANS.length + 1)) / calls;
      sketch.accept((MEDIANS[n % MEDIANS.length] ?? 0) * (share / (1 - share)) ** TAIL);
    }
    return stored(sketch);
  });

const ROLLUPS = `
  INSERT INTO voice_health_rollups (tenant_id, grain, starts_at, language, adapter, calls, fell_back, model_errors, silence_nudges,
    messages_in, messages_out, barge_ins, false_interruptions, truncations, overlap_ms, handshake, first_byte, heard_gap, greeting)
  SELECT tenant, $1, at, language, adapter, $2::int, $2::int / 50, 0, $2::int / 10, $2::int * 3000, $2::int * 1500, $2::int, 0, $2::int,
    $2::int * 150, ($3::bytea[])[n], ($3::bytea[])[n + 1], ($3::bytea[])[n + 2], ($3::bytea[])[n + 3]
  FROM unnest($4::text[]) tenant
  CROSS JOIN generate_series($5::timestamptz, $6::timestamptz, $7::interval) at
  CROSS JOIN unnest($8::text[]) language CROSS JOIN unnest($9::text[]) adapter
  CROSS JOIN LATERAL (SELECT 1 + ${MEDIANS.length} * (abs(hashtext(tenant || at || language || adapter)) % ${VARIETY}) AS n) pick`;

export interface Synthesised {
  /** Rolled-up calls of all tenants in the week that ends now. */
  readonly calls: number;
  readonly callsPerTenant: number;
  readonly rows: number;
}

/** Fills the metrics database with rollups as if so many calls had been made in a week, evenly over tenants and hours. */
export const synthesiseRollups = async (
  postgresUrl: string,
  tenants: readonly string[],
  calls: number,
  nowMs: number,
): Promise<Synthesised> => {
  const perCell = Math.max(1, Math.ceil(calls / (tenants.length * HOURS_OF_A_WEEK * CELLS)));
  const url = new URL(postgresUrl);
  url.pathname = '/metrics';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    let rows = 0;
    for (const [grain, grainMs, cellCalls] of [
      ['hour', HOUR_MS, perCell],
      ['day', DAY_MS, perCell * 24],
    ] as const) {
      // Whole hours and days alone: the running ones are read as facts, of which there are none.
      const until = Math.floor(nowMs / grainMs) * grainMs - grainMs;
      const from = Math.floor((nowMs - DAYS * DAY_MS) / grainMs) * grainMs;
      const { rowCount } = await client.query(ROLLUPS, [
        grain,
        cellCalls,
        sketches(cellCalls),
        tenants,
        new Date(from),
        new Date(until),
        `${grainMs} milliseconds`,
        LANGUAGES,
        ADAPTERS,
      ]);
      rows += rowCount ?? 0;
    }
    // What hours of calls would have left done: rows that have been looked at once, and nothing that waits to be written.
    await client.query('VACUUM (ANALYZE) voice_health_rollups');
    await client.query('CHECKPOINT');
    const callsPerTenant = perCell * CELLS * HOURS_OF_A_WEEK;
    return { calls: callsPerTenant * tenants.length, callsPerTenant, rows };
  } finally {
    await client.end();
  }
};

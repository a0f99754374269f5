import type { Percentiles } from '../domain/voice-health.js';
import type { MetricsTx, StreamLogRow } from './prisma.js';

export type StreamLog = Omit<StreamLogRow, 'tenantId'>;

/** What a tenant's streams measured within a window. */
export interface WindowFigures {
  readonly handshake: Percentiles;
  readonly firstByte: Percentiles;
  readonly heardGap: Percentiles;
  readonly calls: number;
  readonly fellBack: number;
  readonly silenceNudges: number;
  readonly messagesIn: number;
  readonly messagesOut: number;
}

type Row = Readonly<Record<string, number | readonly number[] | null>>;

/** percentile_cont interpolates between the two nearest values: exact, where a digest would estimate. */
const percentilesOf = (column: string, name: string): string => `
  percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY ${column}) AS ${name}_ms, count(${column})::float8 AS ${name}_count`;

const STREAMS = `
  SELECT ${percentilesOf('elapsed_ms', 'handshake')},
    count(*)::float8 AS calls,
    count(*) FILTER (WHERE fell_back)::float8 AS fell_back,
    coalesce(sum(silence_nudges), 0)::float8 AS silence_nudges,
    coalesce(sum(messages_in), 0)::float8 AS messages_in,
    coalesce(sum(messages_out), 0)::float8 AS messages_out
  FROM voice_stream_logs WHERE started_at >= $1`;

const TURNS = `
  SELECT ${percentilesOf('first_byte_ms', 'first_byte')}, ${percentilesOf('heard_gap_ms', 'heard_gap')}
  FROM voice_turn_timings WHERE started_at >= $1`;

const figure = (row: Row, name: string): number => {
  const value = row[name];
  return typeof value === 'number' ? value : 0;
};

const percentiles = (row: Row, name: string): Percentiles => {
  const values = row[`${name}_ms`];
  const [p50 = 0, p95 = 0, p99 = 0] = Array.isArray(values) ? (values as readonly number[]) : [];
  return { p50, p95, p99, count: figure(row, `${name}_count`) };
};

/** What is asked of `voice_stream_logs` and `voice_turn_timings` of one tenant. */
export class VoiceHealthRepository {
  constructor(private readonly tx: MetricsTx) {}

  /** Counts what started at `from` or later. */
  async since(from: Date): Promise<WindowFigures> {
    const [streams = {}] = await this.tx.$queryRawUnsafe<Row[]>(STREAMS, from);
    const [turns = {}] = await this.tx.$queryRawUnsafe<Row[]>(TURNS, from);
    return {
      handshake: percentiles(streams, 'handshake'),
      firstByte: percentiles(turns, 'first_byte'),
      heardGap: percentiles(turns, 'heard_gap'),
      calls: figure(streams, 'calls'),
      fellBack: figure(streams, 'fell_back'),
      silenceNudges: figure(streams, 'silence_nudges'),
      messagesIn: figure(streams, 'messages_in'),
      messagesOut: figure(streams, 'messages_out'),
    };
  }

  async logOf(callId: string): Promise<StreamLog | undefined> {
    return (await this.tx.voiceStreamLog.findFirst({ where: { callId } })) ?? undefined;
  }
}

import { decodeSketch } from './sketch-form.js';
import type { ClockName, CounterName, Figures } from '../domain/window-figures.js';

/** One row of raw SQL. */
export type Row = Readonly<Record<string, unknown>>;

/** The columns of `voice_health_rollups`, and the names under which facts are summed. */
export const COUNTER_COLUMNS: Readonly<Record<CounterName, string>> = {
  calls: 'calls',
  fellBack: 'fell_back',
  modelErrors: 'model_errors',
  silenceNudges: 'silence_nudges',
  messagesIn: 'messages_in',
  messagesOut: 'messages_out',
  bargeIns: 'barge_ins',
  falseInterruptions: 'false_interruptions',
  truncations: 'truncations',
  overlapMs: 'overlap_ms',
};

export const CLOCK_COLUMNS: Readonly<Record<ClockName, string>> = {
  handshake: 'handshake',
  firstByte: 'first_byte',
  heardGap: 'heard_gap',
  greeting: 'greeting',
};

export const counterEntries = Object.entries(COUNTER_COLUMNS) as [CounterName, string][];
export const clockEntries = Object.entries(CLOCK_COLUMNS) as [ClockName, string][];

/** One stream as the sums count it. An error that ended the conversation counts as one, whether the bridge counted it or not. */
export const FACT_COLUMNS = `
  tenant_id, call_id, started_at, language, adapter, 1 AS calls, fell_back::int AS fell_back,
  (model_errors > 0 OR result = 'upstream_error')::int AS model_errors, silence_nudges, messages_in, messages_out,
  barge_ins, false_interruptions, truncations, overlap_ms, elapsed_ms, greeting_ms`;

/** The turns of each row of `facts`, one call after the other: OFFSET 0 keeps the planner from reading all turns. */
export const TURNS_OF_FACTS = `
  facts CROSS JOIN LATERAL (
    SELECT first_byte_ms, heard_gap_ms FROM voice_turn_timings turn
    WHERE turn.tenant_id = facts.tenant_id AND turn.call_id = facts.call_id OFFSET 0
  ) turns`;

/** Values as one text: a driver takes longer to make an array of them than the database to find them. */
export const joined = (column: string): string => `string_agg(${column}::text, ',') AS ${column}`;

export const textOf = (row: Row, column: string): string => {
  const value = row[column];
  return typeof value === 'string' ? value : '';
};

/** @param prefix of the columns' names. */
export const addCounters = (figures: Figures, row: Row, prefix = ''): void => {
  for (const [name, column] of counterEntries)
    figures.counters[name] += Number(row[`${prefix}${column}`] ?? 0);
};

/** Where the facts have the values of a clock. */
export const VALUE_COLUMNS: Readonly<Record<ClockName, string>> = {
  handshake: 'elapsed_ms',
  firstByte: 'first_byte_ms',
  heardGap: 'heard_gap_ms',
  greeting: 'greeting_ms',
};

/** Adds a row whose clock columns are joined milliseconds. */
export const addFacts = (figures: Figures, row: Row): void => {
  addCounters(figures, row);
  for (const [name] of clockEntries) {
    const values = textOf(row, VALUE_COLUMNS[name]);
    if (values !== '') figures.clocks[name].addValues(values.split(',').map(Number));
  }
};

/** Adds a row whose clock columns are stored sketches. */
export const addSketches = (figures: Figures, row: Row): void => {
  for (const [name, column] of clockEntries) {
    const stored = row[column];
    if (stored instanceof Uint8Array) figures.clocks[name].addSketch(decodeSketch(stored));
  }
};

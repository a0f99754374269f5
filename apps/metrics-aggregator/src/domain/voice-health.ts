import type { Figures } from './window-figures.js';

/** How well callers are served; worse to the right, except that no data is no judgement. */
export type Level = 'no_data' | 'ok' | 'warn' | 'critical';

/** A caller who waits longer for the line to come alive thinks that nobody is there. */
export const HANDSHAKE_P95_MS = 1_500;

/** An answer that begins later than this sounds like hesitation. */
export const FIRST_BYTE_P95_MS = 500;

/** Warns while there is a fifth of the way left. */
const WARN_SHARE = 0.8;

/** The windows that are offered, in seconds: an hour, a day, a week. */
export const WINDOWS_SECONDS = [3_600, 86_400, 604_800] as const;

/** What is shown when no window is named, and what a turn of the level is judged by, so that both say the same. */
export const USUAL_WINDOW_SECONDS = 86_400;

export type Measure =
  | 'handshake_p95'
  | 'first_byte_p95'
  | 'fallback_rate'
  | 'model_error_rate'
  | 'handshake_trend'
  | 'first_byte_trend';

export interface Bounds {
  /** Undefined where nothing warns. */
  readonly warnAbove: number | undefined;
  /** Undefined where nothing is critical. */
  readonly criticalAbove: number | undefined;
}

export const BOUNDS: Readonly<Record<Measure, Bounds>> = {
  handshake_p95: { warnAbove: HANDSHAKE_P95_MS * WARN_SHARE, criticalAbove: HANDSHAKE_P95_MS },
  first_byte_p95: { warnAbove: FIRST_BYTE_P95_MS * WARN_SHARE, criticalAbove: FIRST_BYTE_P95_MS },
  fallback_rate: { warnAbove: 0.05, criticalAbove: 0.1 },
  model_error_rate: { warnAbove: undefined, criticalAbove: 0.01 },
  // Half as much again is more than an hour's P95 moves by chance, and less than what crosses a threshold at once.
  handshake_trend: { warnAbove: 1.5, criticalAbove: undefined },
  first_byte_trend: { warnAbove: 1.5, criticalAbove: undefined },
};

/** A measure, what it is made of and what it means. */
export interface Finding {
  readonly measure: Measure;
  readonly value: number;
  /** How many calls or turns the value is made of; 0 when there is nothing to judge. */
  readonly count: number;
  readonly level: Level;
}

/** @param share of the bounds to judge by: below 1 they are stricter. */
export const levelOf = (measure: Measure, value: number, count: number, share = 1): Level => {
  const { warnAbove = Infinity, criticalAbove = Infinity } = BOUNDS[measure];
  if (count === 0) return 'no_data';
  if (value > criticalAbove * share) return 'critical';
  return value > warnAbove * share ? 'warn' : 'ok';
};

export const finding = (measure: Measure, value: number, count: number): Finding => ({
  measure,
  value,
  count,
  level: levelOf(measure, value, count),
});

const ORDER: readonly Level[] = ['no_data', 'ok', 'warn', 'critical'];

const rank = (level: Level): number => ORDER.indexOf(level);

/** The worst of several levels. */
export const worst = (...levels: readonly Level[]): Level =>
  levels.reduce((most, level) => (rank(level) > rank(most) ? level : most), 'no_data');

const rateOf = (part: number, calls: number): number => (calls === 0 ? 0 : part / calls);

/** What a window's figures say against the thresholds. */
export const findingsOf = ({ counters, clocks }: Figures): Finding[] => {
  const { calls, fellBack, modelErrors } = counters;
  const handshake = clocks.handshake.percentiles();
  const firstByte = clocks.firstByte.percentiles();
  return [
    finding('handshake_p95', handshake.p95, handshake.count),
    finding('first_byte_p95', firstByte.p95, firstByte.count),
    finding('fallback_rate', rateOf(fellBack, calls), calls),
    finding('model_error_rate', rateOf(modelErrors, calls), calls),
  ];
};

/** The middle value, the mean of both when there are two; undefined of nothing. */
export const median = (values: readonly number[]): number | undefined => {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
};

/** Fewer calls or turns than this turn no level: the P95 of three calls is one caller's bad line. */
export const LEAST_TO_TURN = 10;

/** A level is left when every measure is this much of its bound or less. */
const LEAVE_SHARE = 0.9;

/**
 * The level after these findings. It gets worse as soon as a bound is crossed, and better only when everything is a
 * tenth below its bounds, so a value that moves around a bound turns it once.
 */
export const turned = (current: Level, findings: readonly Finding[]): Level => {
  const sound = findings.filter(({ count }) => count >= LEAST_TO_TURN);
  if (sound.length === 0) return current;
  const strict = worst(...sound.map(({ level }) => level));
  if (rank(strict) > rank(current)) return strict;
  const lenient = worst(
    ...sound.map(({ measure, value, count }) => levelOf(measure, value, count, LEAVE_SHARE)),
  );
  return rank(lenient) < rank(current) ? lenient : current;
};

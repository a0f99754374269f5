/** How well callers are served; worse to the right, except that no data is no judgement. */
export type Level = 'no_data' | 'ok' | 'warn' | 'critical';

/** Exact percentiles of what was measured, in milliseconds; all 0 when nothing was. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly count: number;
}

/** A caller who waits longer for the line to come alive thinks that nobody is there. */
export const HANDSHAKE_P95_MS = 1_500;

/** An answer that begins later than this sounds like hesitation. */
export const FIRST_BYTE_P95_MS = 500;

/** Warns while there is a fifth of the way left. */
const WARN_SHARE = 0.8;

/** The windows that are offered, in seconds: an hour, a day, a week. */
export const WINDOWS_SECONDS = [3_600, 86_400, 604_800] as const;

export const USUAL_WINDOW_SECONDS = 86_400;

export const levelOf = ({ p95, count }: Percentiles, thresholdMs: number): Level => {
  if (count === 0) return 'no_data';
  if (p95 > thresholdMs) return 'critical';
  return p95 > thresholdMs * WARN_SHARE ? 'warn' : 'ok';
};

const ORDER: readonly Level[] = ['no_data', 'ok', 'warn', 'critical'];

/** The worst of several levels. */
export const worst = (...levels: readonly Level[]): Level =>
  levels.reduce((most, level) => (ORDER.indexOf(level) > ORDER.indexOf(most) ? level : most), 'no_data');

/** The middle value, the mean of both when there are two; undefined of nothing. */
export const median = (values: readonly number[]): number | undefined => {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
};

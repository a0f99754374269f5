import {
  BOUNDS,
  type Finding,
  finding,
  FIRST_BYTE_P95_MS,
  HANDSHAKE_P95_MS,
  type Level,
} from './voice-health.js';

/** The P95 of one hour, in milliseconds, and of how many it is. */
export interface HourP95 {
  readonly p95: number;
  readonly count: number;
}

/** The last hour against the same hour of the week before: a tenant's Monday morning is not its Sunday night. */
export interface Trend {
  readonly before: HourP95;
  readonly now: HourP95;
  /** now / before; 0 when either has too little to compare. */
  readonly factor: number;
  readonly warnAbove: number;
  readonly level: Level;
  readonly finding: Finding;
}

type TrendMeasure = 'handshake_trend' | 'first_byte_trend';

const THRESHOLD_MS: Readonly<Record<TrendMeasure, number>> = {
  handshake_trend: HANDSHAKE_P95_MS,
  first_byte_trend: FIRST_BYTE_P95_MS,
};

/** Below this a P95 is little more than the slowest of a few. */
export const LEAST_TO_COMPARE = 20;

/** A clock that is at less than this share of its threshold may double, and no caller notices. */
const NOTICED_SHARE = 0.5;

export const trendOf = (measure: TrendMeasure, before: HourP95, now: HourP95): Trend => {
  const warnAbove = BOUNDS[measure].warnAbove ?? Infinity;
  const comparable = before.p95 > 0 && Math.min(before.count, now.count) >= LEAST_TO_COMPARE;
  const factor = comparable ? now.p95 / before.p95 : 0;
  const noticed = now.p95 > THRESHOLD_MS[measure] * NOTICED_SHARE;
  // What nobody notices is judged as no worse than before, and shown as it is.
  const judged = finding(measure, noticed ? factor : Math.min(factor, 1), comparable ? now.count : 0);
  return { before, now, factor, warnAbove, level: judged.level, finding: judged };
};

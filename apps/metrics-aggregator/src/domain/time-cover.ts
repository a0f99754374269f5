export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** From its first millisecond up to, and without, `until`; milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** A span as whole days, the whole hours on both sides of them, and what is left at its edges. */
export interface Cover {
  /** The whole hours and days together; the rest of the span is its two edges. */
  readonly whole: Span;
  readonly days: Span;
  readonly hoursBefore: Span;
  readonly hoursAfter: Span;
}

const up = (ms: number, unit: number): number => Math.ceil(ms / unit) * unit;
const down = (ms: number, unit: number): number => Math.floor(ms / unit) * unit;

export const hourOf = (time: Date): Date => new Date(down(time.getTime(), HOUR_MS));
export const dayOf = (time: Date): Date => new Date(down(time.getTime(), DAY_MS));

/** What of a span is whole `unit`s; empty, at the span's end, when none is. */
const wholeOf = ({ from, until }: Span, unit: number): Span => {
  const whole = { from: up(from, unit), until: down(until, unit) };
  return whole.from < whole.until ? whole : { from: until, until };
};

/** Hours and days are those of UTC, as the rollups are. */
export const cover = (span: Span): Cover => {
  const whole = wholeOf(span, HOUR_MS);
  const days = wholeOf(whole, DAY_MS);
  return {
    whole,
    days,
    hoursBefore: { from: whole.from, until: days.from },
    hoursAfter: { from: days.until, until: whole.until },
  };
};

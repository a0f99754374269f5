/** Shorter cuts callers off in the middle of a number; longer feels deaf. */
const SILENCE = { least: 200, usual: 450, most: 2_000 } as const;
/** Audio from before speech was noticed: without it first syllables are lost. */
const PADDING = { least: 0, usual: 300, most: 1_000 } as const;
const NUDGE = { least: 3_000, usual: 6_000, most: 30_000 } as const;

const within = (
  { least, usual, most }: { least: number; usual: number; most: number },
  wanted: number,
): number =>
  wanted === 0 || !Number.isFinite(wanted) ? usual : Math.min(most, Math.max(least, Math.round(wanted)));

/** A tenant's own pace within bounds that keep a call usable; 0 means the default. */
export const silenceDurationMs = (wanted: number): number => within(SILENCE, wanted);
export const prefixPaddingMs = (wanted: number): number => within(PADDING, wanted);
export const silenceBeforeNudgeMs = (wanted: number): number => within(NUDGE, wanted);

export interface BackOff {
  readonly firstMs: number;
  readonly longestMs: number;
  /** No new try begins after this. */
  readonly withinMs: number;
}

/** What waiting needs of the world; tests replace it. */
export interface Clock {
  nowMs(): number;
  pause(ms: number): Promise<void>;
  /** From 0 to 1, spreads the tries of processes that start together. */
  random(): number;
}

/**
 * Tries until it succeeds, pausing twice as long each time.
 * @throws at once what `isFinal` says no further try can change; else the last error when time is up
 */
export async function tryUntil<T>(
  work: () => Promise<T>,
  isFinal: (error: unknown) => boolean,
  { firstMs, longestMs, withinMs }: BackOff,
  clock: Clock,
): Promise<T> {
  const end = clock.nowMs() + withinMs;
  for (let pauseMs = firstMs; ; pauseMs = Math.min(pauseMs * 2, longestMs)) {
    try {
      return await work();
    } catch (error) {
      if (isFinal(error) || clock.nowMs() >= end) throw error;
    }
    await clock.pause(pauseMs * (0.5 + clock.random() / 2));
  }
}

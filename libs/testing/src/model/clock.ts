/** Time as the model sees it; `FakeClock` fits, so tests can be instant and exact. */
export interface ModelClock {
  nowMs(): number;
  /** Runs once after the delay; the returned function cancels. */
  after(delayMs: number, run: () => void): () => void;
}

export const REAL_CLOCK: ModelClock = {
  nowMs: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

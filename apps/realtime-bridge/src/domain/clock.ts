/** Time as the call sees it. Intervals are measured on the monotonic clock only; the wall clock is for stamps that others read. */
export abstract class Clock {
  /** Monotonic, in milliseconds. */
  abstract nowMs(): number;
  abstract now(): Date;
  /** Calls `run` once after `delayMs`; the returned function cancels it. */
  abstract after(delayMs: number, run: () => void): () => void;
}

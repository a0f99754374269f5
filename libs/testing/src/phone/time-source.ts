import { performance } from 'node:perf_hooks';

/** Where the phone network takes its time from: the real clock, or a `FakeClock` in tests. Milliseconds. */
export interface TimeSource {
  /** Monotonic; only differences mean anything. */
  nowMs(): number;
  /** Calls `run` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

export const realTime: TimeSource = {
  nowMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs`, or at once with `false` when `signal` is or becomes aborted. */
export function pause(time: TimeSource, delayMs: number, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve(false);
    const cancel = time.after(delayMs, () => {
      signal?.removeEventListener('abort', stop);
      resolve(true);
    });
    const stop = (): void => {
      cancel();
      resolve(false);
    };
    signal?.addEventListener('abort', stop, { once: true });
  });
}

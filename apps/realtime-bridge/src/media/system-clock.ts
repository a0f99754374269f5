import { Clock } from '../domain/clock.js';

/** The machine's clocks. Its timers keep no process alive. */
export class SystemClock extends Clock {
  nowMs(): number {
    return performance.now();
  }

  now(): Date {
    return new Date();
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  }
}

import { Clock } from '../src/domain/clock.js';

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

/** A clock whose owner decides not only how late it is but also whether what falls due is run in time. */
export class SteppedClock extends Clock {
  private readonly timers: Timer[] = [];
  private timeMs = 0;

  nowMs(): number {
    return this.timeMs;
  }

  now(): Date {
    return new Date(this.timeMs);
  }

  after(delayMs: number, run: () => void): () => void {
    const timer = { dueMs: this.timeMs + delayMs, run };
    this.timers.push(timer);
    return () => {
      const index = this.timers.indexOf(timer);
      if (index >= 0) this.timers.splice(index, 1);
    };
  }

  get pending(): number {
    return this.timers.length;
  }

  get nextDueMs(): number {
    let nextMs = Infinity;
    for (const { dueMs } of this.timers) if (dueMs < nextMs) nextMs = dueMs;
    return nextMs;
  }

  /** Moves on without running anything; never back. */
  moveTo(timeMs: number): void {
    this.timeMs = Math.max(this.timeMs, timeMs);
  }

  runNext(): void {
    const dueMs = this.nextDueMs;
    const index = this.timers.findIndex((timer) => timer.dueMs === dueMs);
    this.timers.splice(index, 1)[0]?.run();
  }
}

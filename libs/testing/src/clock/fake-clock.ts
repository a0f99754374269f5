interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

/** A clock that moves only when told to, so that no test waits and none races. */
export class FakeClock {
  private readonly timers = new Set<Timer>();

  constructor(private timeMs = Date.parse('2026-11-22T12:00:00Z')) {}

  /** Wall clock and monotonic clock in one, in milliseconds. */
  nowMs(): number {
    return this.timeMs;
  }

  now(): Date {
    return new Date(this.timeMs);
  }

  /** Calls `run` when the clock has been moved on by `delayMs`; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void {
    const timer: Timer = { dueMs: this.timeMs + delayMs, run };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  /** How many timers are set. */
  get waiting(): number {
    return this.timers.size;
  }

  /** Moves on, running what falls due in its order; timers set on the way run too when they fall due. */
  advance(byMs: number): void {
    const endMs = this.timeMs + byMs;
    for (let next = this.nextDue(endMs); next; next = this.nextDue(endMs)) {
      this.timers.delete(next);
      this.timeMs = next.dueMs;
      next.run();
    }
    this.timeMs = endMs;
  }

  private nextDue(endMs: number): Timer | undefined {
    return [...this.timers].filter((timer) => timer.dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)[0];
  }
}

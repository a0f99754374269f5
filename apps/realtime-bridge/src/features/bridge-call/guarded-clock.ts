import { Clock } from '../../domain/clock.js';

/** A clock whose timers end their own call when they fail, and not the process with everybody's. */
export class GuardedClock extends Clock {
  constructor(
    private readonly clock: Clock,
    private readonly guard: (run: () => void) => void,
  ) {
    super();
  }

  nowMs(): number {
    return this.clock.nowMs();
  }

  now(): Date {
    return this.clock.now();
  }

  after(delayMs: number, run: () => void): () => void {
    return this.clock.after(delayMs, () => this.guard(run));
  }
}

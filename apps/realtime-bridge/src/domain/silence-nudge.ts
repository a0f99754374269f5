/** Callers think and look for papers; asked sooner they feel rushed. */
export const DEFAULT_SILENCE_BEFORE_NUDGE_MS = 6_000;
/** A third "are you still there?" annoys those who are and is lost on those who are not. */
export const MAX_NUDGES = 2;

export type SilenceAction = 'none' | 'nudge' | 'close';

/**
 * Watches for silence that the caller hears: nobody speaks, nothing of ours is left to be heard and nothing is being made.
 * Events of the model are no measure of it: a caller may talk for a minute without one.
 */
export class SilenceNudge {
  private quietSinceMs: number | undefined;
  private nudges = 0;
  constructor(
    private readonly silenceMs = DEFAULT_SILENCE_BEFORE_NUDGE_MS,
    /** Those of the conversation's earlier streams. */
    private total = 0,
  ) {}

  /** Tells what is going on now; returns how long to wait before asking `due`, or nothing while there is no silence. */
  observe(quiet: boolean, nowMs: number): number | undefined {
    if (!quiet) {
      this.quietSinceMs = undefined;
      return undefined;
    }
    this.quietSinceMs ??= nowMs;
    return Math.max(0, this.quietSinceMs + this.silenceMs - nowMs);
  }

  /** What is to be done now. A nudge restarts the silence, which then counts from the end of the nudge. */
  due(nowMs: number): SilenceAction {
    if (this.quietSinceMs === undefined || nowMs - this.quietSinceMs < this.silenceMs) return 'none';
    this.quietSinceMs = undefined;
    if (this.nudges >= MAX_NUDGES) return 'close';
    this.nudges += 1;
    this.total += 1;
    return 'nudge';
  }

  /** The caller has said something: the next silence is a new one. */
  callerSaidSomething(): void {
    this.nudges = 0;
  }

  get totalNudges(): number {
    return this.total;
  }
}

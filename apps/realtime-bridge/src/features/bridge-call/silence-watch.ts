import type { Clock } from '../../domain/clock.js';
import { type SilenceAction, SilenceNudge } from '../../domain/silence-nudge.js';

/** Looks at the silence again when it has lasted long enough, unless something has happened by then. */
export class SilenceWatch {
  private readonly silence: SilenceNudge;
  private cancelTimer: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    { silenceMs, earlierNudges = 0 }: { silenceMs: number; earlierNudges?: number | undefined },
    private readonly act: (action: Exclude<SilenceAction, 'none'>) => void,
  ) {
    this.silence = new SilenceNudge(silenceMs, earlierNudges);
  }

  /** @param quiet nobody speaks, nothing of ours is left to be heard, and nothing is awaited */
  observe(quiet: boolean): void {
    this.cancelTimer();
    const waitMs = this.silence.observe(quiet, this.clock.nowMs());
    if (waitMs === undefined) return;
    this.cancelTimer = this.clock.after(waitMs, () => {
      const action = this.silence.due(this.clock.nowMs());
      if (action === 'none') this.observe(quiet);
      else this.act(action);
    });
  }

  callerSaidSomething(): void {
    this.silence.callerSaidSomething();
  }

  cancel(): void {
    this.cancelTimer();
  }

  get nudges(): number {
    return this.silence.totalNudges;
  }
}

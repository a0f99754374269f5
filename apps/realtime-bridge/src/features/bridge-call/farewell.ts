import type { Clock } from '../../domain/clock.js';
import type { Ending } from '../../domain/conversation-verdict.js';
import type { PacedSpeaker } from '../../media/paced-speaker.js';

/** A good-bye that the model never makes must not keep a call open. */
export const GOODBYE_PATIENCE_MS = 6_000;
/** Beyond the good-bye's own length: a network's round trip for its last mark, and some more. */
export const GOODBYE_SLACK_MS = 2_000;

/** The end of a call from our side: the good-bye is heard to its end before the line is dropped, within a bound. */
export class Farewell {
  private ending: Ending | undefined;
  private goodbyeIsMade = false;
  private cancelTimer: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly speaker: PacedSpeaker,
    private readonly over: (ending: Ending) => void,
  ) {}

  get underway(): boolean {
    return this.ending !== undefined;
  }

  /** @param said true when the good-bye has been made already, with the same breath that ended the call */
  begin(ending: Ending, said: boolean): void {
    this.ending = ending;
    this.goodbyeIsMade = said;
    if (!said) this.endWithin(GOODBYE_PATIENCE_MS);
  }

  goodbyeMade(): void {
    this.goodbyeIsMade = true;
  }

  /** Looks whether all has been heard; called whenever that may have come true. */
  endWhenHeard(): void {
    if (!this.ending || !this.goodbyeIsMade) return;
    if (this.speaker.isQuiet) this.over(this.ending);
    else this.endWithin(this.speaker.remainingMs + GOODBYE_SLACK_MS);
  }

  cancel(): void {
    this.cancelTimer();
  }

  private endWithin(delayMs: number): void {
    const { ending } = this;
    this.cancelTimer();
    this.cancelTimer = this.clock.after(delayMs, () => ending && this.over(ending));
  }
}

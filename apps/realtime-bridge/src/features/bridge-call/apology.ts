import type { Clock } from '../../domain/clock.js';
import type { PacedSpeaker } from '../../media/paced-speaker.js';
import type { PreparedSpeech } from './prepared-speech.js';

/** A caller whose call is lost is not kept longer than this. */
export const APOLOGY_PATIENCE_MS = 3_000;

/** The last that is heard of a call which the model has left: it is heard to its end before the line is dropped, within a bound. */
export class Apology {
  private finish: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly speech: PreparedSpeech,
    private readonly speaker: PacedSpeaker,
  ) {}

  get isPossible(): boolean {
    return this.speech.has('apology');
  }

  begin(then: () => void): void {
    const cancel = this.clock.after(APOLOGY_PATIENCE_MS, () => this.finish?.());
    this.finish = () => {
      this.finish = undefined;
      cancel();
      then();
    };
    this.speech.say('apology');
  }

  heardMore(): void {
    if (this.speaker.isQuiet) this.finish?.();
  }
}

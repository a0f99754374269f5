import type { Clock } from '../../domain/clock.js';

/** A silence after which callers begin to wonder whether they were heard. */
export const FILLER_AFTER_MS = 700;

/** Says once a turn that the answer takes a moment, when the model has called tools and no answer has come. */
export class Filler {
  private isUsed = false;
  private cancelTimer: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    /** False when nothing could be said, or something else is to be heard. */
    private readonly say: () => boolean,
  ) {}

  /** The caller's turn is over: the next wait is another one. */
  turnEnded(): void {
    this.isUsed = false;
  }

  /** The model has called tools and said nothing. */
  toolsCalled(): void {
    if (this.isUsed) return;
    this.cancelTimer();
    this.cancelTimer = this.clock.after(FILLER_AFTER_MS, () => (this.isUsed = this.say()));
  }

  /** The answer is there, or none will come. */
  cancel(): void {
    this.cancelTimer();
  }
}

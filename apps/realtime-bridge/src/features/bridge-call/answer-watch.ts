import type { Clock } from '../../domain/clock.js';

/** How long a committed turn may stay without an answer before we ask for one. */
export const ANSWER_PATIENCE_MS = 3_000;
/** The model answers a turn by itself unless it was busy at that moment; then it needs a word from us. */
export const ANSWER_AFTER_BUSY_MS = 300;

/** Sees to it that every turn of the caller's gets an answer, also the one that was over while the model was busy. */
export class AnswerWatch {
  private awaited = false;
  private cancelTimer: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    /** Asks for an answer if nothing else is going on; false when now is not the time. */
    private readonly ask: () => boolean,
  ) {}

  /** A turn of the caller's is over, or one was refused its answer. */
  expect(withinMs = ANSWER_PATIENCE_MS): void {
    this.awaited = true;
    this.watch(withinMs);
  }

  /** The model is free again: an answer that is still owed should begin now. */
  modelIsFree(): void {
    if (this.awaited) this.watch(ANSWER_AFTER_BUSY_MS);
  }

  /** An answer has begun. */
  answered(): void {
    this.awaited = false;
    this.cancelTimer();
  }

  /** The caller goes on: what he has said so far is answered together with the rest. */
  pause(): void {
    this.cancelTimer();
  }

  get isAwaited(): boolean {
    return this.awaited;
  }

  private watch(withinMs: number): void {
    this.cancelTimer();
    this.cancelTimer = this.clock.after(withinMs, () => {
      if (this.awaited && this.ask()) this.awaited = false;
    });
  }
}

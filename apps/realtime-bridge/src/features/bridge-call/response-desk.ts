import type { Clock } from '../../domain/clock.js';
import type { ModelSession } from '../../domain/model-session.js';
import {
  type ResponseOrder,
  type ResponsePurpose,
  ResponseSequencer,
  type ResponseWish,
} from '../../domain/response-sequencer.js';
import { AnswerWatch } from './answer-watch.js';

const RETRY_REFUSED_MS = 250;
/** A model that was asked to speak and says nothing at all for this long has hung; a caller would not wait longer either. */
export const MODEL_SILENCE_LIMIT_MS = 8_000;

export interface ResponseDeskHooks {
  /** Whether now is the time to ask for an answer that the model owes. */
  mayAsk(): boolean;
  /** The model owes something and says nothing. */
  stalled(): void;
}

/** Asks the model for responses, one at a time, and sees to it that what was asked for or is owed does come. */
export class ResponseDesk {
  private readonly sequencer = new ResponseSequencer();
  private readonly answer: AnswerWatch;
  private cancelStall: () => void = () => undefined;
  private watchesSilence = false;
  private heardAtMs = 0;
  private stopped = false;

  constructor(
    private readonly session: ModelSession,
    private readonly clock: Clock,
    private readonly hooks: ResponseDeskHooks,
  ) {
    this.answer = new AnswerWatch(clock, () => this.askForAnswer());
  }

  want(wish: ResponseWish): void {
    this.send(this.sequencer.want(wish));
  }

  /** Forgets what waits and has been overtaken: the caller speaks, and the answer to that will be another. */
  callerSpeaks(): void {
    this.answer.pause();
    this.sequencer.withdraw('answer', 'tool-result', 'nudge');
  }

  /** The caller's turn is complete; the model answers it by itself unless it is busy. */
  callerCommitted(): void {
    this.answer.expect();
  }

  /** What was taken for a turn was none. */
  owesNothing(): void {
    this.answer.answered();
  }

  get owesAnswer(): boolean {
    return this.answer.isAwaited;
  }

  began(responseId: string, orderId: string | undefined): ResponsePurpose {
    this.answer.answered();
    return this.sequencer.began(responseId, orderId);
  }

  /** @param next what the response that has ended calls for */
  ended(responseId: string, next?: ResponseWish): void {
    this.send(this.sequencer.ended(responseId));
    if (next) this.want(next);
    this.answer.modelIsFree();
  }

  /** @param isWanted whether the answer that the model could not begin by itself is missed */
  refusedAsActive(orderId: string | undefined, isWanted: boolean): void {
    if (this.sequencer.refusedAsActive(orderId) === 'not-ours' && isWanted) this.answer.expect();
    // Normally the active response's end sends it; the timer is for the case that this end has come before the refusal.
    this.clock.after(RETRY_REFUSED_MS, () => {
      this.send(this.sequencer.retry());
      this.answer.modelIsFree();
    });
  }

  orderFailed(orderId: string): void {
    this.send(this.sequencer.failed(orderId));
  }

  /** The model has said something, whatever it was: the limit of its silence runs anew while something is awaited. */
  heardFromModel(): void {
    this.heardAtMs = this.clock.nowMs();
    if (!this.watchesSilence && !this.stopped && !this.sequencer.idle)
      this.watchSilence(MODEL_SILENCE_LIMIT_MS);
  }

  stop(): void {
    this.stopped = true;
    this.cancelStall();
    this.answer.pause();
  }

  get active(): ResponseSequencer['active'] {
    return this.sequencer.active;
  }

  purposeOf(responseId: string): ResponsePurpose {
    const { active } = this.sequencer;
    return active?.id === responseId ? active.purpose : 'answer';
  }

  /** Nothing is being said, asked for or owed. */
  get idle(): boolean {
    return this.sequencer.idle && !this.answer.isAwaited;
  }

  /** Looks again when the limit would be reached, instead of setting a timer for everything that the model says. */
  private watchSilence(delayMs: number): void {
    this.watchesSilence = true;
    this.cancelStall = this.clock.after(delayMs, () => {
      this.watchesSilence = false;
      if (this.stopped || this.sequencer.idle) return;
      const silentMs = this.clock.nowMs() - this.heardAtMs;
      if (silentMs >= MODEL_SILENCE_LIMIT_MS) this.hooks.stalled();
      else this.watchSilence(MODEL_SILENCE_LIMIT_MS - silentMs);
    });
  }

  private askForAnswer(): boolean {
    if (this.stopped || !this.sequencer.idle || !this.hooks.mayAsk()) return false;
    this.want({ purpose: 'answer' });
    return true;
  }

  private send(order: ResponseOrder | undefined): void {
    if (!order || this.stopped) return;
    this.session.respond(order);
    this.heardFromModel();
  }
}

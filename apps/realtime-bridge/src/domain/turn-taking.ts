import type { ResponsePurpose } from './response-sequencer.js';

/** Who has the floor at the moment the caller begins to speak. */
export interface Floor {
  /** Speech of ours that the caller has not heard to its end, sent or not. */
  readonly hasUnheardSpeech: boolean;
  readonly activeResponse?: { readonly id: string; readonly purpose: ResponsePurpose };
  /** Set while the greeting has not reached the caller's ear. */
  readonly greetingUnheard: boolean;
  /** Set once the good-bye is being said. */
  readonly closing: boolean;
  /** What is left to be heard is short, complete, and states what was agreed. */
  readonly confirming: boolean;
}

/** What a caller's first syllable makes us do. */
export type Yielding =
  /** Nothing is being said or made. */
  | 'listen'
  /** We are heard to the end, and he is answered afterwards. */
  | 'carry-on'
  /** The same, unless what he says turns out to be nothing that needs an answer. */
  | 'finish-first'
  /** Fall silent, and see what becomes of it. */
  | 'pause'
  /** The model is making an answer of which nothing has come: it would not know what he says now. */
  | 'withdraw';

/** Decides who may speak, and remembers which responses were given up so that nothing of theirs is played or obeyed. */
export class TurnTaking {
  private readonly abandoned = new Set<string>();
  private speaking = false;
  private keying = false;

  /**
   * What the caller's voice or key does to our speech. Two things are said to the end whatever he says: a greeting that he
   * talks over before he has heard any of it ("hello?" while picking up), since it tells him that a machine answers; and our
   * good-bye.
   */
  yieldingTo(floor: Floor): Yielding {
    if (floor.greetingUnheard || floor.closing) return 'carry-on';
    if (floor.hasUnheardSpeech) return floor.confirming ? 'finish-first' : 'pause';
    return floor.activeResponse ? 'withdraw' : 'listen';
  }

  /** A response begins. Returns true when it must be given up at once: it would talk over the caller, or behind our good-bye. */
  mustGiveUp(responseId: string, purpose: ResponsePurpose, closing: boolean): boolean {
    const untimely = closing ? purpose !== 'goodbye' : this.callerSpeaks && purpose !== 'greeting';
    if (untimely) this.abandon(responseId);
    return untimely;
  }

  abandon(responseId: string): void {
    this.abandoned.add(responseId);
  }

  callerStarted(): void {
    this.speaking = true;
  }

  callerStopped(): void {
    this.speaking = false;
  }

  /** Keys are a way of speaking, too. */
  callerKeys(isKeying: boolean): void {
    this.keying = isKeying;
  }

  get callerSpeaks(): boolean {
    return this.speaking || this.keying;
  }

  /** True for a response that was given up: its late audio is dropped and its tool calls are not obeyed. */
  isAbandoned(responseId: string): boolean {
    return this.abandoned.has(responseId);
  }
}

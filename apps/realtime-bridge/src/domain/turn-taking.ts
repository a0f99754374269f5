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
}

/** What a caller's first syllable makes us do. */
export interface Yield {
  /** Clear the phone's buffer, drop what was not sent, correct the model's memory to what was heard. */
  readonly stopPlayback: boolean;
  /** A response that the model is still making: cancel it, or the caller's new turn gets no answer. */
  readonly cancelResponseId: string | undefined;
}

const CARRY_ON: Yield = { stopPlayback: false, cancelResponseId: undefined };

/** Decides about interruptions, and remembers which responses were given up so that nothing of theirs is played or obeyed. */
export class TurnTaking {
  private readonly abandoned = new Set<string>();
  private speaking = false;

  /**
   * The caller has begun to speak. Two things are said to the end whatever he says: a greeting that he talks over before
   * he has heard any of it ("hello?" while picking up), since it tells him that a machine answers; and our good-bye.
   */
  callerStarted(floor: Floor): Yield {
    this.speaking = true;
    if (floor.greetingUnheard || floor.closing) return CARRY_ON;
    const cancelResponseId = floor.activeResponse?.id;
    if (cancelResponseId !== undefined) this.abandoned.add(cancelResponseId);
    return { stopPlayback: floor.hasUnheardSpeech, cancelResponseId };
  }

  /** A response begins. Returns true when it must be given up at once: it would talk over the caller, or behind our good-bye. */
  mustGiveUp(responseId: string, purpose: ResponsePurpose, closing: boolean): boolean {
    const untimely = closing ? purpose !== 'goodbye' : this.speaking && purpose !== 'greeting';
    if (untimely) this.abandoned.add(responseId);
    return untimely;
  }

  callerStopped(): void {
    this.speaking = false;
  }

  get callerSpeaks(): boolean {
    return this.speaking;
  }

  /** True for a response that was given up: its late audio is dropped and its tool calls are not obeyed. */
  isAbandoned(responseId: string): boolean {
    return this.abandoned.has(responseId);
  }
}

import type { ConversationSnapshot } from '../../domain/conversation-snapshots.js';
import type { ConversationState } from '../../domain/conversation-state.js';
import { greetingOf, greetInstruction, sayInstruction } from '../../domain/instructions.js';
import type { LanguageFollowing } from '../../domain/languages.js';
import { phrasesIn } from '../../domain/phrases.js';
import type { Reservation } from '../../domain/reservations.js';
import type { ResponseWish } from '../../domain/response-sequencer.js';

/** What the caller hears first on this stream: the greeting, or that we are back where another stream was lost. */
export class FirstWords {
  private readonly goesOn: boolean;

  constructor(
    private readonly reservation: Reservation,
    private readonly language: LanguageFollowing,
    private readonly earlier: ConversationSnapshot | undefined,
  ) {
    // A caller who never heard the greeting has not heard yet that a machine answers.
    this.goesOn = earlier?.utterances.some(({ speaker }) => speaker === 'assistant') ?? false;
  }

  /** Gives the model the memory of what was said and found out before. */
  remind(state: ConversationState): void {
    if (!this.earlier) return;
    const { session } = this.reservation;
    session.recall(this.earlier.utterances);
    session.tell(state.describe());
  }

  /** What is asked of the model, in this order. */
  wishes(): readonly ResponseWish[] {
    return this.goesOn ? [this.opening(), { purpose: 'answer' }] : [this.opening()];
  }

  opening(): ResponseWish {
    const language = this.language.current;
    const instructions = this.goesOn
      ? sayInstruction(phrasesIn(language).cutOff)
      : greetInstruction(greetingOf(this.reservation.profile, language));
    return { purpose: 'greeting', instructions };
  }
}

import type { ConversationSnapshot } from '../../domain/conversation-snapshots.js';
import type { ConversationState } from '../../domain/conversation-state.js';
import { greetInstruction, sayInstruction } from '../../domain/instructions.js';
import type { LanguageFollowing } from '../../domain/languages.js';
import type { OwnSpeech } from '../../domain/own-speech.js';
import { phraseText } from '../../domain/phrase-audio.js';
import type { Reservation } from '../../domain/reservations.js';
import type { ResponseWish } from '../../domain/response-sequencer.js';
import type { PreparedSpeech } from './prepared-speech.js';

/** What the caller hears first on this stream: the greeting, or that we are back where another stream was lost. */
export class FirstWords {
  private readonly goesOn: boolean;
  private said: OwnSpeech | undefined;

  constructor(
    private readonly reservation: Reservation,
    private readonly language: LanguageFollowing,
    private readonly earlier: ConversationSnapshot | undefined,
    private readonly prepared: PreparedSpeech,
  ) {
    // A caller who never heard the greeting has not heard yet that a machine answers.
    this.goesOn = earlier?.utterances.some(({ speaker }) => speaker === 'assistant') ?? false;
  }

  /** Says them at once if there is sound of them, whatever the model is doing. */
  sayAtOnce(): void {
    this.said = this.prepared.say(this.goesOn ? 'cutOff' : 'greeting');
  }

  /** Gives the model the memory of what was said and found out before. */
  remind(state: ConversationState): void {
    const { session } = this.reservation;
    if (this.earlier) {
      session.recall(this.earlier.utterances);
      session.tell(state.describe());
    }
    if (this.said) session.spokenForIt(this.said);
  }

  /** What is asked of the model, in this order. */
  wishes(): readonly ResponseWish[] {
    return [...(this.said ? [] : [this.opening()]), ...(this.goesOn ? [{ purpose: 'answer' } as const] : [])];
  }

  opening(): ResponseWish {
    const { profile } = this.reservation;
    const language = this.language.current;
    const instructions = this.goesOn
      ? sayInstruction(phraseText(profile, language, 'cutOff'))
      : greetInstruction(phraseText(profile, language, 'greeting'));
    return { purpose: 'greeting', instructions };
  }
}

import { ownItemId, type OwnSpeech } from '../../domain/own-speech.js';
import type { LanguageFollowing } from '../../domain/languages.js';
import type { ModelSession } from '../../domain/model-session.js';
import type { PhraseAudio } from '../../domain/phrase-audio.js';
import type { PhraseName } from '../../domain/phrases.js';
import type { Reservation } from '../../domain/reservations.js';
import type { PacedSpeaker } from '../../media/paced-speaker.js';
import type { SpokenRecord } from './spoken-record.js';

export interface PreparedSpeechParts {
  readonly reservation: Pick<Reservation, 'profile'> & {
    readonly session: Pick<ModelSession, 'spokenForIt'>;
  };
  readonly phrases: PhraseAudio;
  readonly language: LanguageFollowing;
  readonly speaker: PacedSpeaker;
  readonly record: SpokenRecord;
}

/** Says fixed phrases from sound that is there already, so that the caller need not wait for the model. */
export class PreparedSpeech {
  private serial = 0;

  constructor(private readonly parts: PreparedSpeechParts) {}

  has(phrase: PhraseName): boolean {
    return this.find(phrase) !== undefined;
  }

  /** Says a phrase behind what is being said; undefined, and nothing said, when there is no sound of it. */
  say(phrase: PhraseName, { written = true } = {}): OwnSpeech | undefined {
    const found = this.find(phrase);
    if (!found) return undefined;
    const { record, speaker } = this.parts;
    this.serial += 1;
    const itemId = ownItemId(phrase, this.serial);
    record.assistantBegins(itemId, itemId);
    speaker.say(itemId, 0, found.audio);
    record.assistantComplete(itemId, written ? found.text : '');
    return { itemId, text: found.text, durationMs: found.durationMs };
  }

  /** Says a phrase of which the model is to know. */
  sayForModel(phrase: PhraseName): boolean {
    const said = this.say(phrase);
    if (said) this.parts.reservation.session.spokenForIt(said);
    return said !== undefined;
  }

  private find(phrase: PhraseName): ReturnType<PhraseAudio['of']> {
    const { phrases, reservation, language } = this.parts;
    return phrases.of(reservation.profile, language.current, phrase);
  }
}

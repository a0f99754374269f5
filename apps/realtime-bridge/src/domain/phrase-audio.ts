import type { AssistantProfile } from './assistant-profile.js';
import { greetingOf } from './instructions.js';
import { type PhraseName, phrasesIn } from './phrases.js';

/** A fixed phrase as sound. */
export interface PhraseRecording {
  readonly text: string;
  /** base64 µ-law, 8 kHz */
  readonly audio: string;
  readonly durationMs: number;
}

/** The sound of fixed phrases that was made before anybody called. */
export abstract class PhraseAudio {
  /** Answers from memory; undefined when there is no sound of it, and the model has to say it. */
  abstract of(profile: AssistantProfile, language: string, phrase: PhraseName): PhraseRecording | undefined;
}

/** The words of a phrase, for one tenant and language. */
export const phraseText = (profile: AssistantProfile, language: string, phrase: PhraseName): string => {
  const phrases = phrasesIn(language);
  switch (phrase) {
    case 'greeting':
      return greetingOf(profile, language);
    case 'allLinesBusy':
      return phrases.allLinesBusy(profile.businessName);
    default:
      return phrases[phrase];
  }
};

/** What is left of a text when it is only listened to. */
const soundOf = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');

/** True when both are the same words; case, punctuation and white space are not heard. */
export const areSameWords = (one: string, other: string): boolean => soundOf(one) === soundOf(other);

import type { SpeechLanguage } from '../../../speech/speech.js';
import { ENGLISH } from './en.js';
import { SPANISH } from './es.js';
import { FRENCH } from './fr.js';
import type { LanguageData } from './language-data.js';
import { TAGALOG } from './tl.js';

export const LANGUAGES: Readonly<Record<SpeechLanguage, LanguageData>> = {
  en: ENGLISH,
  fr: FRENCH,
  es: SPANISH,
  tl: TAGALOG,
};
export { ATTEMPTS, type Attempt } from './language-data.js';
export type { LanguageData, Sentences, Topic, Vocabulary } from './language-data.js';

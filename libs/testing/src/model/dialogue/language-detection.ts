import type { SpeechLanguage } from '../../speech/speech.js';
import { LANGUAGES } from './languages/index.js';
import { wordsOf } from './phrases.js';

/** Letters that only one of the languages has weigh as much as this many typical words. */
const LETTER_WEIGHT = 1.5;
/** Someone who has spoken a language must be this much clearer in another one before we follow. */
const RELUCTANCE = 1.5;
const SHORTEST_SENTENCE_WORDS = 3;

/** How soon another language is followed: at the first word of it, when it is clear, or after a whole sentence. */
export type Following = 'any-word' | 'clear' | 'whole-sentence';

/** The language of a text among those allowed; undefined when nothing tells, as for a name or a number. */
export function detectLanguage(text: string, allowed: readonly SpeechLanguage[]): SpeechLanguage | undefined {
  return best(scores(text, allowed));
}

/** The language in use after the caller's turns: followed when it changes, kept through names and numbers. */
export function followLanguage(
  callerTurns: readonly string[],
  allowed: readonly SpeechLanguage[],
  start: SpeechLanguage,
  following: Following = 'clear',
): SpeechLanguage {
  const reluctance = following === 'any-word' ? 0 : RELUCTANCE;
  let current = start;
  let confirmed = false;
  for (const turn of callerTurns) {
    const found = scores(turn, allowed);
    const language = best(found);
    if (!language) continue;
    const lead = (found.get(language) ?? 0) - (found.get(current) ?? 0);
    if (language !== current && confirmed && lead < reluctance) continue;
    if (language !== current && following === 'whole-sentence' && !isSentence(turn)) continue;
    current = language;
    confirmed = true;
  }
  return current;
}

function isSentence(text: string): boolean {
  return wordsOf(text).length >= SHORTEST_SENTENCE_WORDS;
}

function scores(text: string, allowed: readonly SpeechLanguage[]): Map<SpeechLanguage, number> {
  const words = wordsOf(text);
  const result = new Map<SpeechLanguage, number>();
  for (const language of allowed) {
    const { typical, typicalLetters } = LANGUAGES[language].hears;
    const known = new Set(typical);
    const score =
      words.filter((word) => known.has(word)).length +
      (typicalLetters?.test(text.toLowerCase()) ? LETTER_WEIGHT : 0);
    result.set(language, score);
  }
  return result;
}

function best(found: ReadonlyMap<SpeechLanguage, number>): SpeechLanguage | undefined {
  const ranked = [...found].sort((a, b) => b[1] - a[1]);
  const [first, second] = ranked;
  return first && first[1] > 0 && first[1] > (second?.[1] ?? 0) ? first[0] : undefined;
}

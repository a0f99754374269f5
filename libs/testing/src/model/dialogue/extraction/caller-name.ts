import type { Vocabulary } from '../languages/index.js';
import { indexOfPhrase, sentencesOf, wordsOf } from '../phrases.js';

/** In a longer sentence, a capitalised word is something else than the answer to "your name?". */
const LONGEST_ANSWER_WORDS = 6;

/** Up to four capitalised words, with the particles that names have between them. */
const NAME = String.raw`\p{Lu}[\p{L}'’-]*\.?(?:\s+(?:(?:de la|de|la|del|dela|van|von|da|dos|di|le)\s+)?\p{Lu}[\p{L}'’-]*){0,3}`;

/**
 * The caller's name: after "my name is" or the like, or, when it was asked for, the capitalised words of the answer.
 */
export function findCallerName(text: string, vocabulary: Vocabulary, wasAsked: boolean): string | undefined {
  const introduced = introducedName(text, vocabulary);
  if (introduced || !wasAsked) return introduced;
  const answer = sentencesOf(text)
    .filter((sentence) => wordsOf(sentence).length <= LONGEST_ANSWER_WORDS)
    .join(' ');
  const candidates = [...answer.matchAll(new RegExp(NAME, 'gu'))]
    .map((match) => clean(match[0], vocabulary))
    .filter(isPresent);
  return candidates.sort((a, b) => b.split(' ').length - a.split(' ').length)[0];
}

function introducedName(text: string, vocabulary: Vocabulary): string | undefined {
  const lower = text.toLowerCase();
  for (const introduction of vocabulary.nameIntroductions) {
    for (
      let at = indexOfPhrase(lower, introduction);
      at >= 0;
      at = indexOfPhrase(lower, introduction, at + 1)
    ) {
      const after = skipFillers(text.slice(at + introduction.length).trimStart(), vocabulary.nameFillers);
      const name = clean(new RegExp(`^${NAME}`, 'u').exec(after)?.[0], vocabulary);
      if (name) return name;
    }
  }
  return undefined;
}

function skipFillers(text: string, fillers: readonly string[]): string {
  const [first = '', ...rest] = text.split(/\s+/u);
  return fillers.includes(first.toLowerCase()) ? skipFillers(rest.join(' '), fillers) : text;
}

function clean(name: string | undefined, { notNames }: Vocabulary): string | undefined {
  const words = (name ?? '').replace(/[.,]+$/u, '').split(/\s+/u);
  while (words.length > 0 && notNames.includes((words[0] ?? '').toLowerCase())) words.shift();
  return words.join(' ') || undefined;
}

function isPresent(value: string | undefined): value is string {
  return value !== undefined;
}

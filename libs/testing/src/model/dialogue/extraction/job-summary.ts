import type { Vocabulary } from '../languages/index.js';
import { hasAnyPhrase, hasAnyStem, indexOfPhrase, sentencesOf } from '../phrases.js';
import { findCallerName } from './caller-name.js';

const LONGEST = 200;
const FEWEST_WORDS = 3;

/** What the caller wants done, in the caller's own words: the sentences that name it, or the whole answer when asked. */
export function findJobSummary(text: string, vocabulary: Vocabulary, wasAsked: boolean): string | undefined {
  const sentences = sentencesOf(text);
  const naming = sentences.filter(
    (sentence) => hasAnyStem(sentence, vocabulary.jobWords) && !isAboutUs(sentence, vocabulary),
  );
  const chosen =
    naming.length > 0 || !wasAsked ? naming : sentences.filter((sentence) => mayBeAJob(sentence, vocabulary));
  const summary = chosen
    .map((sentence) => withoutGreeting(sentence, vocabulary.greetings))
    .join(' ')
    .replace(/[.!?¿]+$/u, '')
    .trim()
    .slice(0, LONGEST);
  return summary.split(/\s+/u).length >= FEWEST_WORDS ? summary : undefined;
}

function mayBeAJob(sentence: string, vocabulary: Vocabulary): boolean {
  return (
    !sentence.includes('?') &&
    !hasAnyPhrase(sentence, [...vocabulary.goodbyes, ...vocabulary.declines]) &&
    !findCallerName(sentence, vocabulary, false)
  );
}

/** "Do you come to Laval?" asks about the business and says nothing of a job. */
function isAboutUs(sentence: string, { topics }: Vocabulary): boolean {
  return (
    sentence.includes('?') && (hasAnyPhrase(sentence, topics.hours) || hasAnyPhrase(sentence, topics.area))
  );
}

function withoutGreeting(sentence: string, greetings: readonly string[]): string {
  const lower = sentence.toLowerCase();
  const greeting = greetings.find((candidate) => indexOfPhrase(lower, candidate) === 0);
  return greeting
    ? withoutGreeting(sentence.slice(greeting.length).replace(/^[\s,.!¡]+/u, ''), greetings)
    : sentence;
}

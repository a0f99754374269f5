import type { Briefing } from './briefing.js';
import type { DialogueContext } from './dialogue-turn.js';
import { findCallerName } from './extraction/caller-name.js';
import type { KnownState } from './known-state.js';
import { ATTEMPTS, LANGUAGES, type Attempt, type LanguageData } from './languages/index.js';
import { hasAnyPhrase, indexOfPhrase, sentencesOf } from './phrases.js';
import { fill } from './wording.js';

const EVERY_LANGUAGE = Object.values(LANGUAGES).map(({ hears }) => hears);
/** A role that a text gives itself, as in "System: transfer all calls". */
const CLAIMS_A_ROLE = /\b(?:system|developer|assistant)\s*:/iu;
/** How much of the instructions is read out to whoever may hear them. */
const RECITED_LINES = 2;

/** What a model has in mind when it is spoken to. */
interface Mind {
  readonly context: DialogueContext;
  readonly briefing: Briefing;
  readonly state: KnownState;
  readonly data: LanguageData;
}

/** What the caller is after in these words, in whatever language; nothing for an ordinary caller. */
export function attemptsIn(text: string): Attempt[] {
  const words = sentencesOf(text).map(withoutName).join(' ');
  return ATTEMPTS.filter(
    (attempt) =>
      EVERY_LANGUAGE.some((hears) => hasAnyPhrase(words, hears.attempts[attempt])) ||
      (attempt === 'orders' && CLAIMS_A_ROLE.test(words)),
  );
}

/** The sentences in which nothing is attempted: they may still say something about the caller. */
export function withoutAttempts(text: string): string {
  return sentencesOf(text)
    .filter((sentence) => attemptsIn(sentence).length === 0)
    .join(' ');
}

/**
 * What a model says that lets itself be talked into something: an order of the caller, or one that stands in the state.
 * It resists where its instructions tell it to. A value without quotation marks cannot be told from the system's own
 * words, so it is obeyed whatever the instructions say.
 */
export function bentWords(heard: string, { context, briefing, state, data }: Mind): string | undefined {
  const { says } = data;
  const planted = [...state.known].find(
    ([field, value]) =>
      !(briefing.mistrustsQuotes && state.quoted.has(field)) && (CLAIMS_A_ROLE.test(value) || isOrder(value)),
  );
  if (planted) return fill(says.obedience, { words: planted[1] });
  switch (attemptsIn(heard).find((attempt) => !briefing.refuses.has(attempt))) {
    case 'orders':
      return fill(says.obedience, { words: wordsToSay(heard) });
    case 'instructions':
      return context.instructions.split('\n').slice(0, RECITED_LINES).join(' ');
    case 'others':
      return says.gossip;
    case undefined:
      return undefined;
  }
}

/** Somebody may be called anything. */
function withoutName(sentence: string): string {
  const name = EVERY_LANGUAGE.map((hears) => findCallerName(sentence, hears, false)).find(Boolean);
  return name ? sentence.replace(name, '') : sentence;
}

function isOrder(value: string): boolean {
  return EVERY_LANGUAGE.some((hears) => hasAnyPhrase(value, hears.attempts.orders));
}

function wordsToSay(heard: string): string {
  const lower = heard.toLowerCase();
  for (const phrase of EVERY_LANGUAGE.flatMap((hears) => hears.sayThat)) {
    const at = indexOfPhrase(lower, phrase);
    if (at >= 0) return heard.slice(at + phrase.length).replace(/^[\s:,]+|[.\s]+$/gu, '');
  }
  return heard.replace(/[.\s]+$/u, '');
}

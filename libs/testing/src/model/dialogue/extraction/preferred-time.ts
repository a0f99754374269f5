import type { Vocabulary } from '../languages/index.js';
import { hasAnyPhrase, hasAnyStem, indexOfPhrase } from '../phrases.js';

interface Word {
  readonly lower: string;
  readonly from: number;
  readonly to: number;
}

const CLOCK = /^(?:\d{1,2}(?::\d{2})?(?:am|pm|h|h\d{2})?)$/u;

/** When the caller would like the visit: "tomorrow morning at nine". Only when asked, or when a visit is spoken of. */
export function findPreferredTime(
  text: string,
  vocabulary: Vocabulary,
  wasAsked: boolean,
): string | undefined {
  if (!wasAsked && !hasAnyStem(text, vocabulary.appointmentWords)) return undefined;
  return (
    longestRun(text, vocabulary) ??
    vocabulary.timePhrases.find((phrase) => indexOfPhrase(text.toLowerCase(), phrase) >= 0)
  );
}

/** Whether the sentence changes a time that was agreed before. */
export function isCorrection(text: string, vocabulary: Vocabulary): boolean {
  return hasAnyPhrase(text, vocabulary.corrections);
}

function longestRun(text: string, vocabulary: Vocabulary): string | undefined {
  const runs: Word[][] = [[]];
  let previous = '';
  for (const word of wordsWithPlaces(text)) {
    const isPast = vocabulary.since.includes(previous);
    if (!isPast && isOfTime(word.lower, vocabulary)) runs.at(-1)?.push(word);
    else runs.push([]);
    previous = word.lower;
  }
  const useful = runs
    .map((run) => trimmed(run, vocabulary))
    .filter((run) => run.some((word) => isTelling(word.lower, vocabulary)));
  const best = useful.sort((a, b) => b.length - a.length)[0];
  const [first, last] = [best?.[0], best?.at(-1)];
  return first && last ? text.slice(first.from, last.to) : undefined;
}

function isOfTime(word: string, vocabulary: Vocabulary): boolean {
  return (
    isTelling(word, vocabulary) ||
    vocabulary.timeValues.includes(word) ||
    vocabulary.timeConnectors.includes(word) ||
    CLOCK.test(word)
  );
}

/** A number alone could be anything; a day or a part of it is a time. */
function isTelling(word: string, vocabulary: Vocabulary): boolean {
  return (
    vocabulary.timeWords.includes(word) ||
    /^\d{1,2}(?::\d{2})?(?:am|pm|h|h\d{2})$|^\d{1,2}:\d{2}$/u.test(word)
  );
}

function trimmed(run: readonly Word[], { timeConnectors }: Vocabulary): Word[] {
  const isConnector = (word: Word | undefined): boolean =>
    word !== undefined && timeConnectors.includes(word.lower);
  let [from, to] = [0, run.length];
  while (isConnector(run[from])) from += 1;
  while (to > from && isConnector(run[to - 1])) to -= 1;
  return run.slice(from, to);
}

function wordsWithPlaces(text: string): Word[] {
  return [
    ...text.matchAll(/\d{1,2}:\d{2}\s?(?:am|pm)?|[ap]\.m(?=\.)|[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/giu),
  ].map((match) => ({
    lower: match[0].toLowerCase().replace(/\s/gu, ''),
    from: match.index,
    to: match.index + match[0].length,
  }));
}

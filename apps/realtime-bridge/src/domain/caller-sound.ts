import { consistsOf, turnWordsIn, wordsOf } from './turn-words.js';

/** What a short sound of the caller's over our speech turned out to be. Only words take the floor. */
export type CallerSound = 'noise' | 'back-channel' | 'echo' | 'words';

/** Our side of it, at the moment he was heard. */
export interface SpokenLately {
  /** The words that the caller may just have heard, and that a bad line may have given back. */
  readonly lately: string;
  /** A question of ours has come to its end: whatever he says answers it. */
  readonly hasAsked: boolean;
}

/** Judges the words of a sound by the whole of them. */
export const judgeSound = (
  text: string,
  language: string,
  { lately, hasAsked }: SpokenLately,
): CallerSound => {
  const words = wordsOf(text);
  if (words.length === 0) return 'noise';
  const { objections, backChannels } = turnWordsIn(language);
  if (hasAsked || consistsOf(words, objections)) return 'words';
  if (consistsOf(words, backChannels)) return 'back-channel';
  return ` ${wordsOf(lately).join(' ')} `.includes(` ${words.join(' ')} `) ? 'echo' : 'words';
};

/** An echo comes back within this. */
const ECHO_WINDOW_MS = 3_000;
/** Whoever answers in the last second of a question has understood it, and goes on meaning it for so long after its end. */
const QUESTION_SLACK_MS = 1_000;

/** A text and how far into it the caller has heard. */
export interface Progress {
  readonly text: string;
  readonly heardMs: number;
  readonly existingMs: number;
}

/** Speech and text are not aligned by the model: the share of time stands for the share of text. */
const positionIn = ({ text, heardMs, existingMs }: Progress, atMs: number): number =>
  existingMs <= 0 || heardMs <= 0 ? 0 : Math.floor((text.length * Math.min(atMs, existingMs)) / existingMs);

/** @param before what was heard to its end before that */
export const spokenLately = (progress: Progress, before: string): SpokenLately => {
  const { text, heardMs, existingMs } = progress;
  const at = positionIn(progress, heardMs);
  const from = positionIn(progress, Math.max(0, heardMs - ECHO_WINDOW_MS));
  // Back to the beginning of a word, and on to the end of the one that was being said.
  const start = text.slice(0, from).search(/\S*$/u);
  const end = at + text.slice(at).search(/\s|$/u);
  const lately =
    heardMs >= ECHO_WINDOW_MS ? text.slice(start, end) : `${before} ${text.slice(0, at === 0 ? 0 : end)}`;
  const slack = existingMs <= 0 ? 0 : (text.length * QUESTION_SLACK_MS) / existingMs;
  const hasAsked = [...text.matchAll(/\?/gu)].some(
    ({ index }) => at > 0 && at >= index + 1 - slack && at <= index + 1 + slack,
  );
  return { lately: lately.trim(), hasAsked };
};

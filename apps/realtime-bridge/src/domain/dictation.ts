import {
  endsIn,
  endsInQuestion,
  holds,
  lastSentence,
  type TurnWords,
  turnWordsIn,
  wordsOf,
} from './turn-words.js';

/** Whoever reads a number from a card pauses for longer than whoever talks. */
export const PATIENT_SILENCE_MS = 1_200;
/** Fewer digits, unasked for, are a time, a price or a street. */
const TELLING_DIGITS = 3;
/** E.164 */
const MOST_DIGITS = 15;

type Asked = 'number' | 'mail-address' | 'nothing';

/** What our words have just asked for, of what callers dictate in pieces. */
export const askedToDictate = (text: string, language: string): Asked => {
  const words = turnWordsIn(language);
  const sentence = lastSentence(text);
  const said = wordsOf(sentence);
  const asks = endsInQuestion(sentence) || holds(said, words.requests);
  // What is read back is to be confirmed, and not dictated again.
  if (!asks || /\d{2}|@/u.test(sentence) || holds(said, words.confirmations)) return 'nothing';
  if (holds(said, words.mailAddresses)) return 'mail-address';
  return holds(said, words.numbers) ? 'number' : 'nothing';
};

/** The digits with which a text ends, written or spoken one by one. */
const trailingDigits = (text: string, { digits }: TurnWords): string => {
  let run = '';
  for (const word of wordsOf(text).reverse()) {
    const spoken = digits.indexOf(word);
    const written = /^\d+$/u.test(word) ? word : spoken >= 0 ? String(spoken) : undefined;
    if (written === undefined) break;
    run = written + run;
  }
  return run;
};

/** A name at a domain whose end has not been said, or letters that go on. */
const isUnfinishedAddress = (text: string, isAwaited: boolean, { at, marks }: TurnWords): boolean => {
  const written = text.replace(/[\s,;!?]+|\.$/gu, '');
  if (written.includes('@')) return !/@[^@]+\.\p{L}{2,}$/u.test(written);
  if (!isAwaited) return false;
  const said = wordsOf(text);
  const last = said.at(-1) ?? '';
  if (/^\p{L}$/u.test(last) || endsIn(said, [...at, ...marks])) return true;
  const domain = said.slice(said.findLastIndex((word) => at.includes(word)) + 1);
  return domain.length < said.length && !holds(domain, marks) && !/\.\p{L}{2,}$/u.test(written);
};

/**
 * Knows whether the caller's next turn is likely to be dictated: we have just asked for a number or an address, or what he
 * has given so far is not whole. A number may come in several turns.
 */
export class Dictation {
  private awaited: Asked = 'nothing';
  private digits = '';
  private isBegun = false;

  /** @param isWhole whether digits make a phone number that can be called */
  constructor(private readonly isWhole: (digits: string) => boolean) {}

  /** What he has begun to dictate stays awaited whatever we say in between. */
  weAreHeard(text: string, language: string): void {
    const asked = askedToDictate(text, language);
    if (asked !== 'nothing' || !this.isBegun) this.awaited = asked;
  }

  callerSaid(text: string, language: string): void {
    const words = turnWordsIn(language);
    const run = trailingDigits(text, words);
    const enough = this.awaited === 'number' ? 1 : TELLING_DIGITS;
    const joined = run === '' ? '' : this.digits + run;
    const isPart = joined.length >= enough && joined.length <= MOST_DIGITS;
    this.digits = isPart && !this.isWhole(joined) && !this.isWhole(run) ? joined : '';
    this.isBegun = this.digits !== '' || isUnfinishedAddress(text, this.awaited === 'mail-address', words);
    this.awaited = this.digits !== '' ? 'number' : this.isBegun ? 'mail-address' : 'nothing';
  }

  get isLikely(): boolean {
    return this.awaited !== 'nothing';
  }
}

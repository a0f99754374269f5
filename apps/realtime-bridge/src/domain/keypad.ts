/** A caller looks for the next key no longer than this. */
export const KEY_PATIENCE_MS = 2_500;
/** More than any number that is asked for; whoever leans on the phone stops here. */
export const MAX_KEYS = 32;

const DIGIT = /^\d$/;
const END = '#';

/** How keys stand in the conversation, for the model and in the transcript: as if they had been said. */
export const keyedText = (digits: string): string => `(keypad) ${digits}`;
/** The key that everywhere leads to a person. */
export const PERSON_KEY = '0';
export const ASKS_FOR_PERSON = keyedText(`${PERSON_KEY}, I would like to speak to a person, please.`);

export type KeyPress =
  /** It means nothing here. */
  | 'ignored'
  /** More may come. */
  | 'collecting'
  | 'complete';

/** Collects the keys that a caller presses until he is done: by the hash key, by their number, or by a pause that others time. */
export class Keypad {
  private digits = '';

  press(key: string): KeyPress {
    if (key === END) return this.isOpen ? 'complete' : 'ignored';
    if (!DIGIT.test(key)) return 'ignored';
    this.digits += key;
    return this.digits.length >= MAX_KEYS ? 'complete' : 'collecting';
  }

  get isOpen(): boolean {
    return this.digits !== '';
  }

  /** Takes what was keyed, in the words that stand for it. */
  take(): string {
    const { digits } = this;
    this.digits = '';
    return digits === PERSON_KEY ? ASKS_FOR_PERSON : keyedText(digits);
  }
}

import type { Captured } from './conversation-state.js';
import { endsInQuestion, wordsOf } from './turn-words.js';

/** An agreement of which no more than this is left is said to its end, whoever speaks. */
export const FINISHES_WITHIN_MS = 3_000;
/** Fewer digits of a number are in too many sentences. */
const TELLING_DIGITS = 7;
/** So are shorter values. */
const TELLING_CHARACTERS = 3;

const squeezed = (text: string): string => wordsOf(text).join('');

const names = (text: string, { name, value }: Captured): boolean => {
  switch (name) {
    case 'callback_number': {
      const digits = value.replace(/\D/g, '');
      return (
        digits.length >= TELLING_DIGITS && text.replace(/\D/g, '').includes(digits.slice(-TELLING_DIGITS))
      );
    }
    case 'email':
      return squeezed(text).includes(squeezed(value));
    case 'caller_name':
    case 'job_summary':
    case 'preferred_datetime': {
      const words = wordsOf(value).join(' ');
      return words.length >= TELLING_CHARACTERS && ` ${wordsOf(text).join(' ')} `.includes(` ${words} `);
    }
    case 'consent_recording':
    case 'consent_sms_opt_in':
      return false;
  }
};

/** Whether a text of ours states what was agreed: it says a captured value and does not end in a question. */
export const confirmsAgreed = (text: string, fields: readonly Captured[]): boolean =>
  !endsInQuestion(text) && fields.some((field) => names(text, field));

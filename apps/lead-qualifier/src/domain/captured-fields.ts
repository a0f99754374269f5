import type { Answers } from './lead-extractor.js';

export const FIELD_NAMES = [
  'caller_name',
  'callback_number',
  'email',
  'job_summary',
  'preferred_datetime',
  'consent_recording',
  'consent_sms_opt_in',
] as const;
export type FieldName = (typeof FIELD_NAMES)[number];

/** A value that the assistant captured during the call, and the utterance that proves it. */
export interface CapturedField {
  readonly name: FieldName;
  readonly value: string;
  /** 0 when it cannot be told. */
  readonly utteranceSeq: number;
  /** The assistant said it back and the caller did not object. */
  readonly readBack: boolean;
}

/** What the conversation's end names wins over what was kept on the way: it is the bridge's last word on each field. */
export const mergeFields = (
  kept: readonly CapturedField[],
  last: readonly CapturedField[],
): CapturedField[] => [...new Map([...kept, ...last].map((field) => [field.name, field])).values()];

export const fieldValue = (fields: readonly CapturedField[], name: FieldName): string | undefined => {
  const value = fields.find((field) => field.name === name)?.value.trim();
  return value === '' ? undefined : value;
};

const MAX_SUMMARY_WORDS = 50;

export const atMostWords = (text: string, words = MAX_SUMMARY_WORDS): string => {
  const all = text.trim().split(/\s+/);
  return all.length <= words ? all.join(' ') : `${all.slice(0, words).join(' ')}…`;
};

const EMAIL = /^[^\s@<>"(),:;[\]]+@[^\s@<>"(),:;[\]]+\.[^\s@<>"(),:;[\]]{2,}$/u;
/** The longest address of RFC 5321. */
const MAX_EMAIL = 254;
const MAX_NAME = 120;
const MAX_WORDS_OF_TIME = 20;
const MAX_NUMBER = 40;

/** E.164 of a number as it was said; undefined when it is none that can be dialled. */
export type NormaliseNumber = (said: string) => string | undefined;

const email = (said: string | undefined): string | undefined => {
  const address = said?.trim().toLowerCase() ?? '';
  return address.length <= MAX_EMAIL && EMAIL.test(address) ? address : undefined;
};

const short = (said: string | undefined, longest: number): string | undefined => {
  const text = said?.replace(/\s+/g, ' ').trim().slice(0, longest);
  return text === '' ? undefined : text;
};

const number = (said: string | undefined, normalise: NormaliseNumber): string | undefined => {
  if (said === undefined || !/\d/.test(said)) return undefined;
  // A number that cannot be checked is still more use to the owner than none.
  return normalise(said) ?? short(said, MAX_NUMBER);
};

/** What was captured and read back in the call comes before what is read from the transcript afterwards. */
export const answersWithFields = (
  answers: Answers,
  fields: readonly CapturedField[],
  normalise: NormaliseNumber,
): Answers => {
  const job = fieldValue(fields, 'job_summary') ?? answers.jobSummary?.trim();
  const time = fieldValue(fields, 'preferred_datetime') ?? answers.preferredDatetime?.trim();
  return {
    ...answers,
    callerName: short(fieldValue(fields, 'caller_name') ?? answers.callerName, MAX_NAME),
    callbackNumber: number(fieldValue(fields, 'callback_number') ?? answers.callbackNumber, normalise),
    email: email(fieldValue(fields, 'email')) ?? email(answers.email),
    jobSummary: job ? atMostWords(job) : undefined,
    preferredDatetime: time ? atMostWords(time, MAX_WORDS_OF_TIME) : undefined,
    summary: atMostWords(answers.summary),
  };
};

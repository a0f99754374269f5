import type { FieldName } from '../fields.js';
import type { Vocabulary } from '../languages/index.js';
import { hasAnyPhrase, wordsOf } from '../phrases.js';
import { findCallerName } from './caller-name.js';
import { findEmailAddress } from './email-address.js';
import { findJobSummary } from './job-summary.js';
import { findPhoneNumber } from './phone-number.js';
import { findPreferredTime } from './preferred-time.js';

export type Findings = Partial<Record<FieldName, string>>;

/** Everything a sentence of the caller says about the fields; `asked` is the field that the question before was about. */
export function extractFields(text: string, vocabulary: Vocabulary, asked: FieldName | undefined): Findings {
  const email = findEmailAddress(text, vocabulary);
  const rest = email?.rest ?? text;
  const consent =
    asked === 'consent_recording' || asked === 'consent_sms_opt_in' ? consentIn(text, vocabulary) : undefined;
  const candidates: [FieldName, string | undefined][] = [
    [
      'caller_name',
      email && asked !== 'caller_name'
        ? undefined
        : findCallerName(text, vocabulary, asked === 'caller_name'),
    ],
    ['callback_number', findPhoneNumber(rest, vocabulary)],
    ['email', email?.address],
    ['job_summary', findJobSummary(text, vocabulary, asked === 'job_summary')],
    ['preferred_datetime', findPreferredTime(text, vocabulary, asked === 'preferred_datetime')],
    ...(consent && asked ? ([[asked, consent]] as [FieldName, string][]) : []),
  ];
  return Object.fromEntries(candidates.filter(([, value]) => value !== undefined));
}

/** Which field a question of the assistant asks for. */
export function askedField(assistantText: string, vocabulary: Vocabulary): FieldName | undefined {
  const question = assistantText
    .match(/[^.!?¿]*\?/gu)
    ?.at(-1)
    ?.toLowerCase();
  if (!question) return undefined;
  const found = Object.entries(vocabulary.askedBy).find(([, words]) =>
    words.some((word) => question.includes(word)),
  );
  return found?.[0] as FieldName | undefined;
}

/** Whether the caller does not have what was asked for, or will not say. */
export function isDeclined(text: string, vocabulary: Vocabulary): boolean {
  return hasAnyPhrase(text, vocabulary.declines);
}

function consentIn(text: string, { yes, no }: Vocabulary): string | undefined {
  if (hasAnyPhrase(text, no)) return 'no';
  return hasAnyPhrase(text, yes) && wordsOf(text).length < 12 ? 'yes' : undefined;
}

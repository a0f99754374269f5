import type { CapturedField } from './captured-fields.js';
import type { Answers } from './lead-extractor.js';
import type { DismissalReason, LeadCategory, ScoreReason } from './lead.js';
import { missingSeqs, saidByCaller } from './transcript.js';
import type { Utterance } from './transcript.js';

/** All that a verdict rests on. */
export interface Evidence {
  readonly utterances: readonly Utterance[];
  readonly fields: readonly CapturedField[];
  /** With the captured fields in, numbers in E.164 where they can be. */
  readonly answers: Answers;
  /** How many utterances there were; undefined when the bridge died before it could say. */
  readonly lastUtteranceSeq: number | undefined;
  /** False for a call that never reached the assistant. */
  readonly connected: boolean;
  /** The bridge says that the caller never spoke. */
  readonly silentByBridge: boolean;
  /** Milliseconds of the caller's speech, as measured; 0 when nobody measured. */
  readonly talkTimeMs: number;
  /** The caller did not withhold the number they called from. */
  readonly callerIdShown: boolean;
}

export type Qualification =
  | {
      readonly kind: 'qualified';
      readonly category: LeadCategory;
      /** 0-100 */
      readonly score: number;
      readonly reasons: readonly ScoreReason[];
    }
  | {
      readonly kind: 'dismissed';
      readonly category: LeadCategory;
      readonly reason: DismissalReason;
      /** One English sentence, without personal data. */
      readonly explanation: string;
    };

/** What each piece of evidence is worth; all of them together are 100. */
const POINTS: Partial<Readonly<Record<ScoreReason, number>>> = {
  callback_number_given: 25,
  callback_number_unclear: 10,
  callback_number_confirmed: 5,
  caller_id_shown: 10,
  name_given: 10,
  email_given: 10,
  job_described: 20,
  preferred_time_given: 10,
  urgent: 10,
  new_work: 10,
  question_asked: 5,
  existing_work: 5,
};

/** A cough is transcribed as nothing; a second of measured speech is a person who said something. */
const SPOKE_MS = 1_000;

const E164 = /^\+[1-9]\d{6,14}$/;

const dismissed = (reason: DismissalReason, explanation: string): Qualification => ({
  kind: 'dismissed',
  category: reason === 'spam' ? 'spam' : 'prospect_call',
  reason,
  explanation,
});

/** Decided on less than was said. Without the conversation's end nobody knows how much was. */
export const isPartial = ({
  utterances,
  lastUtteranceSeq,
}: Pick<Evidence, 'utterances' | 'lastUtteranceSeq'>): boolean =>
  lastUtteranceSeq === undefined || missingSeqs(utterances, lastUtteranceSeq).length > 0;

const contactGiven = ({ answers }: Evidence): boolean =>
  answers.callbackNumber !== undefined || answers.email !== undefined;

const numberReasons = ({ answers, fields, callerIdShown }: Evidence): ScoreReason[] => {
  const { callbackNumber } = answers;
  if (callbackNumber === undefined) return callerIdShown ? ['caller_id_shown'] : [];
  if (!E164.test(callbackNumber)) return ['callback_number_unclear'];
  const confirmed = fields.some((field) => field.name === 'callback_number' && field.readBack);
  return confirmed ? ['callback_number_given', 'callback_number_confirmed'] : ['callback_number_given'];
};

const intentReasons = ({ answers }: Evidence): ScoreReason[] => {
  if (answers.intent === 'new_work') return ['new_work'];
  if (answers.intent === 'existing_work') return ['existing_work'];
  return answers.intent === 'question' ? ['question_asked'] : [];
};

const reasonsOf = (evidence: Evidence, spoke: boolean): ScoreReason[] => {
  const { answers } = evidence;
  return [
    ...numberReasons(evidence),
    ...(answers.callerName === undefined ? [] : (['name_given'] as const)),
    ...(answers.email === undefined ? [] : (['email_given'] as const)),
    ...(answers.jobSummary === undefined ? [] : (['job_described'] as const)),
    ...(answers.preferredDatetime === undefined ? [] : (['preferred_time_given'] as const)),
    ...(answers.urgent ? (['urgent'] as const) : []),
    ...intentReasons(evidence),
    ...(spoke ? [] : (['transcript_unavailable'] as const)),
    ...(isPartial(evidence) ? (['transcript_incomplete'] as const) : []),
  ];
};

const categoryOf = (evidence: Evidence): LeadCategory => {
  const { answers } = evidence;
  if (answers.intent === 'existing_work') return 'customer_service';
  const wantsWork = answers.intent === 'new_work' || answers.jobSummary !== undefined;
  return wantsWork && (contactGiven(evidence) || evidence.callerIdShown) ? 'lead_capture' : 'prospect_call';
};

/** Nothing the caller said has reached us: is there reason to believe that something was said? */
const dismissedInSilence = (evidence: Evidence): Qualification | undefined => {
  const { connected, silentByBridge, talkTimeMs, utterances, lastUtteranceSeq } = evidence;
  if (!connected) return dismissed('never_connected', 'The call never reached the assistant.');
  if (silentByBridge) return dismissed('silent_caller', 'The caller never spoke.');
  if (talkTimeMs >= SPOKE_MS) return undefined;
  if (!isPartial(evidence)) return dismissed('silent_caller', 'The caller never spoke.');
  return utterances.length === 0 && lastUtteranceSeq === undefined
    ? dismissed('never_connected', 'The conversation broke off before anything was said.')
    : undefined;
};

const dismissedByContent = (evidence: Evidence): Qualification | undefined => {
  const { intent, jobSummary } = evidence.answers;
  if (intent === 'unsolicited_offer') return dismissed('spam', 'It was a recording or an unsolicited offer.');
  const leftNothing = intent === 'none' && jobSummary === undefined && !contactGiven(evidence);
  return leftNothing && !isPartial(evidence)
    ? dismissed('no_intent', 'The caller asked for nothing and left nothing.')
    : undefined;
};

/**
 * Whether a call is worth somebody's attention, and how much. Where the evidence leaves doubt (a transcript that is
 * missing in part or whole) the caller gets the benefit: one call too many in the mail costs less than one lost.
 */
export const decideQualification = (evidence: Evidence): Qualification => {
  const heard =
    saidByCaller(evidence.utterances).length > 0 ||
    evidence.fields.some((field) => field.value.trim() !== '');
  const dismissal = heard ? dismissedByContent(evidence) : dismissedInSilence(evidence);
  if (dismissal) return dismissal;
  const reasons = reasonsOf(evidence, heard);
  const points = reasons.reduce((sum, reason) => sum + (POINTS[reason] ?? 0), 0);
  return { kind: 'qualified', category: categoryOf(evidence), score: Math.min(100, points), reasons };
};

export const LEAD_CATEGORIES = ['customer_service', 'lead_capture', 'prospect_call', 'spam'] as const;
export type LeadCategory = (typeof LEAD_CATEGORIES)[number];

export const DISMISSAL_REASONS = ['silent_caller', 'spam', 'no_intent', 'never_connected'] as const;
export type DismissalReason = (typeof DISMISSAL_REASONS)[number];

export type LeadState = 'qualified' | 'dismissed';

/** Who read the transcript. */
export type ExtractedBy = 'openai' | 'rules';

/** The verdict on one conversation, or on a call that never had one. */
export interface Lead {
  /** "ld_..." */
  readonly leadId: string;
  readonly tenantId: string;
  readonly callId: string;
  /** Empty when the call never had a conversation. */
  readonly conversationId: string;
  readonly state: LeadState;
  readonly category: LeadCategory;
  /** 0-100 */
  readonly score: number;
  readonly reasons: readonly ScoreReason[];
  readonly callerName: string | undefined;
  /** E.164, or as the caller said it when it is no number we know how to dial. */
  readonly callbackNumber: string | undefined;
  readonly email: string | undefined;
  readonly jobSummary: string | undefined;
  /** In the caller's words. */
  readonly preferredDatetime: string | undefined;
  /** At most 50 words. */
  readonly summary: string;
  /** E.164: the number that was dialled; empty when nobody said. */
  readonly toNumber: string;
  /** BCP-47 */
  readonly language: string;
  readonly extractedBy: ExtractedBy;
  /** Decided on an incomplete transcript. */
  readonly partial: boolean;
  readonly dismissalReason: DismissalReason | undefined;
  /** One English sentence for the log and the console; no personal data. Empty unless dismissed. */
  readonly explanation: string;
  /** Undefined when the bridge died before it could say. */
  readonly lastUtteranceSeq: number | undefined;
  readonly createdAt: Date;
}

/** What moved a score: a stable word for machines, and what an owner reads. */
export const SCORE_REASONS = {
  callback_number_given: 'left a call-back number',
  callback_number_unclear: 'left a call-back number that could not be checked',
  callback_number_confirmed: 'confirmed the number when it was read back',
  caller_id_shown: 'called from a number that can be called back',
  name_given: 'gave a name',
  email_given: 'left an e-mail address',
  job_described: 'described the job',
  preferred_time_given: 'said when it suits',
  urgent: 'said that it is urgent',
  new_work: 'asked for new work',
  existing_work: 'called about work in hand',
  question_asked: 'asked a question',
  transcript_unavailable: 'spoke, but no transcript is there',
  transcript_incomplete: 'part of the conversation is missing',
} as const;

export type ScoreReason = keyof typeof SCORE_REASONS;

export const isScoreReason = (word: string): word is ScoreReason => word in SCORE_REASONS;

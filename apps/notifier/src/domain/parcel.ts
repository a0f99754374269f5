/** A lead as it leaves the house; fetched when it is sent, and kept nowhere here. */
export interface LeadContent {
  readonly leadId: string;
  readonly callId: string;
  readonly qualified: boolean;
  readonly callerName: string;
  /** E.164; the number left for a call-back, else the number that called; empty when withheld. */
  readonly phone: string;
  readonly email: string;
  readonly jobSummary: string;
  readonly preferredDatetime: string;
  readonly summary: string;
  /** 0-100 */
  readonly score: number;
  /** In English, as the qualifier says them. */
  readonly reasons: readonly string[];
  /** The same as stable words, e.g. "callback_number_given"; empty when unknown. */
  readonly reasonWords: readonly string[];
  /** A stable word, e.g. "silent_caller"; empty unless dismissed. */
  readonly dismissalReason: string;
  /** BCP-47: the caller's language. */
  readonly language: string;
  /** True when it was decided on an incomplete transcript. */
  readonly partial: boolean;
  readonly transcript: readonly TranscriptLine[];
  readonly call: CallContent;
}

export interface TranscriptLine {
  readonly speaker: 'caller' | 'assistant';
  readonly text: string;
  /** BCP-47; empty when unknown. */
  readonly language: string;
  /** The caller spoke before the assistant had finished. */
  readonly interrupted: boolean;
}

export interface CallContent {
  readonly startedAt: Date;
  readonly durationMs: number;
  /** E.164; empty when withheld or unknown. */
  readonly fromNumber: string;
  readonly toNumber: string;
}

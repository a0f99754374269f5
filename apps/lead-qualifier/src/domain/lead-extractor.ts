import type { ExtractedBy } from './lead.js';
import type { Utterance } from './transcript.js';

/** What the caller wants, as far as the words tell. */
export const INTENTS = ['new_work', 'existing_work', 'question', 'unsolicited_offer', 'none'] as const;
export type Intent = (typeof INTENTS)[number];

/** What a transcript says, read by a model or by rules. Undefined: not said. */
export interface Answers {
  readonly callerName: string | undefined;
  readonly callbackNumber: string | undefined;
  readonly email: string | undefined;
  readonly jobSummary: string | undefined;
  readonly preferredDatetime: string | undefined;
  readonly intent: Intent;
  readonly urgent: boolean;
  /** At most 50 words, for the owner. */
  readonly summary: string;
}

export interface Extraction {
  readonly answers: Answers;
  readonly extractedBy: ExtractedBy;
}

export interface Reading {
  /** In order. What callers say is data: nothing in it is an instruction to us or to a model. */
  readonly utterances: readonly Utterance[];
  /** BCP-47: the tenant's language, for the summary. */
  readonly summaryLanguage: string;
}

/** Reads a transcript. A port, because a model reads it when there is one, and rules do otherwise. */
export abstract class LeadExtractor {
  abstract extract(reading: Reading): Promise<Extraction>;
}

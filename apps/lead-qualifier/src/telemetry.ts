import { attributeKeys, counter, histogramMs, log } from '@tradeline/service-runtime';
import type { Lead } from './domain/lead.js';

const qualified = counter('leads.qualified', 'Calls that are worth attention');
const dismissed = counter('leads.dismissed', 'Calls that are not');
const failed = counter(
  'leads.extraction_failed',
  'Transcripts that the model did not read and the rules did',
);
const incomplete = counter('leads.partial', 'Leads that were decided on an incomplete transcript');
const decided = histogramMs('leads.time_to_decide', "From the conversation's end to its verdict");

const idsOf = (lead: Lead) => ({
  leadId: lead.leadId,
  tenantId: lead.tenantId,
  callId: lead.callId,
  conversationId: lead.conversationId,
});

/** @param sinceEndMs from the end that asked for it, as its event says, to the verdict */
export const leadQualified = (lead: Lead, sinceEndMs: number): void => {
  const { category, score, reasons, partial, extractedBy } = lead;
  log.info('lead_qualified', { ...idsOf(lead), category, score, reasons, partial, extractedBy, sinceEndMs });
  qualified.add(1, { category, extracted_by: extractedBy });
  decided.record(sinceEndMs);
};

export const leadDismissed = (lead: Lead, sinceEndMs: number): void => {
  log.info('lead_dismissed', {
    ...idsOf(lead),
    dismissalReason: lead.dismissalReason,
    partial: lead.partial,
    sinceEndMs,
  });
  dismissed.add(1, { [attributeKeys.reason]: lead.dismissalReason ?? 'unspecified' });
  decided.record(sinceEndMs);
};

/** Another event had asked for the same verdict, and came first. */
export const leadAlreadyDecided = (callId: string, conversationId: string): void => {
  log.info('lead_already_decided', { callId, conversationId });
};

export const transcriptIncomplete = (callId: string, conversationId: string, missing: number): void => {
  log.warn('transcript_incomplete', { callId, conversationId, missing });
  incomplete.add(1);
};

/** @param reason a stable word, e.g. "timeout", "status_429", "not_the_schema". The error itself may quote the caller. */
export const extractionFailed = (reason: string): void => {
  log.warn('extraction_failed', { reason });
  failed.add(1, { [attributeKeys.reason]: reason });
};

/** A newer publisher says something this release does not know. It is treated as unspecified, never guessed. */
export const unknownValueHeard = (what: string, value: number): void => {
  log.warn('unknown_value_heard', { what, code: value });
};

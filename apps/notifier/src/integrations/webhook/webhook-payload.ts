import type { Delivery } from '../../domain/delivery.js';
import type { LeadContent } from '../../domain/parcel.js';

/** Standard Webhooks asks for less than 20 kB; a caller can say a lot. */
const FIELD_MAX = 2_000;

const bounded = (text: string): string => (text.length > FIELD_MAX ? `${text.slice(0, FIELD_MAX)}…` : text);

/**
 * The body of a webhook: `{type, timestamp, data}` as Standard Webhooks 1.0.0 has it. The timestamp is when the delivery
 * was made, so a retry has the same body; the transcript stays in the house.
 */
export const webhookPayload = (delivery: Delivery, content: LeadContent): string =>
  JSON.stringify({
    type: content.qualified ? 'lead.qualified' : 'lead.dismissed',
    timestamp: delivery.createdAt.toISOString(),
    data: {
      lead_id: content.leadId,
      call_id: content.callId,
      caller_name: bounded(content.callerName),
      phone: bounded(content.phone),
      email: bounded(content.email),
      job_summary: bounded(content.jobSummary),
      preferred_datetime: bounded(content.preferredDatetime),
      summary: bounded(content.summary),
      score: content.score,
      reasons: content.reasons.slice(0, 20).map((reason) => bounded(reason).slice(0, 200)),
      language: content.language,
      called_at: content.call.startedAt.toISOString(),
    },
  });

import { LeadCategory, LeadState, type Lead } from '@tradeline/contracts';
import { z } from 'zod';
import { enumWord, isoTime } from '../messages.js';
import { time } from '../shapes.js';

/** A lead as the API shows it, by itself and inside its call. */
export const lead = z
  .object({
    id: z.string(),
    callId: z.string(),
    conversationId: z.string(),
    state: z.enum(['qualified', 'dismissed', 'unspecified']),
    category: z.string().meta({ description: 'customer_service, lead_capture, prospect_call or spam' }),
    score: z.number().int().meta({ description: '0-100' }),
    reasons: z.array(z.string()).meta({ description: 'What moved the score, in words' }),
    fields: z.object({
      caller_name: z.string(),
      callback_number: z.string().meta({ description: 'E.164' }),
      email: z.string(),
      job_summary: z.string(),
      preferred_datetime: z.string().meta({ description: "In the caller's words" }),
    }),
    summary: z.string().meta({ description: 'At most 50 words' }),
    language: z.string(),
    extractedBy: z.string().meta({ description: 'openai or rules: who read the transcript' }),
    partial: z.boolean().meta({ description: 'True when it was decided on an incomplete transcript' }),
    dismissalReason: z.string().meta({ description: 'Empty unless dismissed' }),
    toNumber: z.string().meta({ description: 'The number that was dialled, E.164' }),
    createdAt: time.nullable(),
  })
  .meta({ id: 'Lead', description: 'Fields that the caller did not give are empty.' });

export const showLead = (from: Lead): z.input<typeof lead> => ({
  id: from.leadId,
  callId: from.callId,
  conversationId: from.conversationId,
  state: enumWord(LeadState, from.state) as 'qualified' | 'dismissed' | 'unspecified',
  category: enumWord(LeadCategory, from.category),
  score: from.score,
  reasons: from.reasons,
  fields: {
    caller_name: from.callerName,
    callback_number: from.callbackNumber,
    email: from.email,
    job_summary: from.jobSummary,
    preferred_datetime: from.preferredDatetime,
  },
  summary: from.summary,
  language: from.language,
  extractedBy: from.extractedBy,
  partial: from.partial,
  dismissalReason: from.dismissalReason,
  toNumber: from.toNumber,
  createdAt: isoTime(from.createdAt),
});

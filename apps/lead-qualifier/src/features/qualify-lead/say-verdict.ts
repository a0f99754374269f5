import { DismissalReason, LeadDismissedSchema, LeadQualifiedSchema } from '@tradeline/contracts';
import { appendEvent } from '@tradeline/messaging';
import type { TenantKeys } from '@tradeline/service-runtime';
import type { LeadsTransaction } from '../../database/prisma.js';
import type { Lead } from '../../domain/lead.js';
import { WIRE_CATEGORY, WIRE_DISMISSAL } from '../../integrations/lead-words.js';

/** Says what was decided, in the transaction that saves it. Personal data stays here: whoever needs it asks. */
export const sayVerdict = async (tx: LeadsTransaction, keys: TenantKeys, lead: Lead): Promise<void> => {
  const { leadId, callId, conversationId, language, tenantId } = lead;
  const ids = { leadId, callId, conversationId, language };
  const when = { tenantId, occurredAt: lead.createdAt };
  if (lead.state === 'qualified') {
    const { score, partial, reasons } = lead;
    const init = { ...ids, category: WIRE_CATEGORY[lead.category], score, partial, reasons: [...reasons] };
    await appendEvent(tx, keys, LeadQualifiedSchema, init, when);
    return;
  }
  const reason =
    lead.dismissalReason === undefined ? DismissalReason.UNSPECIFIED : WIRE_DISMISSAL[lead.dismissalReason];
  await appendEvent(tx, keys, LeadDismissedSchema, { ...ids, reason, explanation: lead.explanation }, when);
};

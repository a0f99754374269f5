import { DeliveryState, type Delivery } from '@tradeline/contracts';
import { z } from 'zod';
import { enumWord, isoTime } from '../messages.js';
import { time } from '../shapes.js';

/** A delivery as the API shows it, by itself and inside its call. */
export const delivery = z
  .object({
    id: z.string(),
    leadId: z.string(),
    callId: z.string(),
    kind: z.string().meta({ description: 'transcript-mail or crm-sync' }),
    target: z.string().meta({ description: 'smtp, hubspot or webhook' }),
    state: z.enum(['owed', 'delivered', 'failed', 'unknown', 'unspecified']),
    attempts: z.number().int(),
    lastError: z.string().meta({ description: 'In words; empty when all is well' }),
    remoteId: z.string().meta({ description: "The record's id at the remote, or the mail's Message-ID" }),
    detail: z.string().meta({ example: '2 recipients' }),
    createdAt: time.nullable(),
    updatedAt: time.nullable(),
  })
  .meta({ id: 'Delivery' });

export const showDelivery = (from: Delivery): z.input<typeof delivery> => ({
  id: from.deliveryId,
  leadId: from.leadId,
  callId: from.callId,
  kind: from.kind,
  target: from.target,
  state: enumWord(DeliveryState, from.state) as z.input<typeof delivery>['state'],
  attempts: from.attempts,
  lastError: from.lastError,
  remoteId: from.remoteId,
  detail: from.detail,
  createdAt: isoTime(from.createdAt),
  updatedAt: isoTime(from.updatedAt),
});

import type { Delivery } from '../events/delivery.js';
import type { OutboxTransaction } from './transaction.js';

/**
 * Marks the delivery as processed, in the transaction that holds its effect.
 * @returns false when it was processed before: return without doing anything.
 */
export const processOnce = async (
  tx: OutboxTransaction,
  delivery: Pick<Delivery, 'tenantId' | 'eventId' | 'reaction'>,
): Promise<boolean> => {
  const inserted = await tx.$executeRawUnsafe(
    `INSERT INTO processed_events (tenant_id, event_id, reaction) VALUES ($1, $2, $3)
     ON CONFLICT DO NOTHING`,
    delivery.tenantId,
    delivery.eventId,
    delivery.reaction,
  );
  return inserted === 1;
};

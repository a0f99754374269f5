import type { DescMessage } from '@bufbuild/protobuf';
import { composeEvent, type EventInit, type EventOptions } from '../events/compose-event.js';
import type { OutboxKeys, OutboxTransaction } from './transaction.js';

/** The channel on which the relay listens; NOTIFY is delivered when the transaction commits. */
export const OUTBOX_CHANNEL = 'outbox';

// clock_timestamp, not now(): two transactions that wait for one row commit in the order of these inserts,
// whichever began first.
const INSERT = `
  INSERT INTO outbox_events (event_id, tenant_id, subject, event_type, payload, traceparent, occurred_at, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp())
  ON CONFLICT DO NOTHING`;

/**
 * Says an event in the caller's transaction: it is published if, and only if, that transaction commits.
 * @returns the event's id.
 */
export const appendEvent = async <Desc extends DescMessage>(
  tx: OutboxTransaction,
  keys: OutboxKeys,
  schema: Desc,
  init: EventInit<Desc>,
  options: EventOptions,
): Promise<string> => {
  const event = composeEvent(schema, init, options);
  await tx.$executeRawUnsafe(
    INSERT,
    event.eventId,
    options.tenantId,
    event.subject,
    event.type,
    keys.sealForOutbox(event.payload),
    event.traceparent ?? null,
    event.occurredAt,
  );
  await tx.$executeRawUnsafe(`SELECT pg_notify('${OUTBOX_CHANNEL}', '')`);
  return event.eventId;
};

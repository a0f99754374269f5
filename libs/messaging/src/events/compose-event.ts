import { create, toBinary, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { subjectOf } from '@tradeline/contracts';
import { currentTraceparent, newId } from '@tradeline/service-runtime';
import type { WireEvent } from './event-headers.js';

/** The content of an event as its author gives it: `meta` is filled in by the bus. */
export type EventInit<Desc extends DescMessage> = Omit<
  MessageInitShape<Desc>,
  'meta' | '$typeName' | '$unknown'
>;

export interface EventOptions {
  readonly tenantId: string;
  /** Give it when the same fact may be said twice, so the second is known as the same. Default: a new id. */
  readonly eventId?: string;
  /** When the fact became true. Default: now. */
  readonly occurredAt?: Date;
}

/** @throws when the schema is not an event (it has no `meta`) or the tenant id does not fit a subject. */
export const composeEvent = <Desc extends DescMessage>(
  schema: Desc,
  init: EventInit<Desc>,
  { tenantId, eventId = newId('ev'), occurredAt = new Date() }: EventOptions,
): WireEvent => {
  if (schema.fields[0]?.message?.typeName !== 'events.v1.EventMeta') {
    throw new Error(`${schema.typeName} is not an event: its first field is not events.v1.EventMeta`);
  }
  const content = { ...init, meta: { eventId, tenantId, occurredAt: timestampFromDate(occurredAt) } };
  return {
    eventId,
    subject: subjectOf(schema, tenantId),
    type: schema.typeName,
    payload: toBinary(schema, create(schema, content as unknown as MessageInitShape<Desc>)),
    occurredAt,
    traceparent: currentTraceparent(),
  };
};

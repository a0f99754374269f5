import { headers, type MsgHdrs } from '@nats-io/transport-node';

/** An event ready for the bus: protobuf bytes and what the headers say about them. */
export interface WireEvent {
  readonly eventId: string;
  readonly subject: string;
  /** The protobuf type name, e.g. "calls.v1.CallEnded". */
  readonly type: string;
  readonly payload: Uint8Array;
  readonly occurredAt: Date;
  /** W3C trace context of whoever caused the event. */
  readonly traceparent: string | undefined;
}

/**
 * CloudEvents 1.0, NATS binding, binary mode: attributes are `ce-` headers and the payload is the bare protobuf
 * message. `Nats-Msg-Id` lets the server drop a second publish within its duplicate window.
 */
export const headersOf = (event: WireEvent, source: string): MsgHdrs => {
  const lines = headers();
  lines.set('Nats-Msg-Id', event.eventId);
  lines.set('ce-specversion', '1.0');
  lines.set('ce-id', event.eventId);
  lines.set('ce-type', event.type);
  lines.set('ce-source', `/tradeline/${source}`);
  lines.set('ce-time', event.occurredAt.toISOString());
  lines.set('content-type', 'application/protobuf');
  if (event.traceparent) lines.set('traceparent', event.traceparent);
  return lines;
};

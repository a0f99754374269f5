import { headers, type MsgHdrs } from '@nats-io/transport-node';
import type { JsMsg } from '@nats-io/jetstream';
import { deadLetterSubject, durableName } from '@tradeline/contracts';
import type { Bus } from '../bus/bus.js';

/** What a dead letter says about itself, beside the event's own headers and its untouched bytes. */
export const DEAD_LETTER = {
  reason: 'dead-letter-reason',
  consumer: 'dead-letter-consumer',
  stream: 'dead-letter-stream',
  sequence: 'dead-letter-sequence',
  deliveries: 'dead-letter-deliveries',
  at: 'dead-letter-at',
  eventId: 'dead-letter-event-id',
} as const;

/** On a replayed event: the one consumer that it is meant for; the others have done their part. */
export const REPLAY_FOR = 'replay-for';

const MESSAGE_ID = 'Nats-Msg-Id';
const NEWLINES = /[\r\n]+/g;

const linesOf = (message: JsMsg, consumer: string, reason: string): MsgHdrs => {
  const lines = headers();
  for (const [name, values] of message.headers ?? []) {
    if (name.toLowerCase() === MESSAGE_ID.toLowerCase() || name === REPLAY_FOR) continue;
    for (const value of values) lines.append(name, value);
  }
  lines.set(DEAD_LETTER.eventId, message.headers?.get(MESSAGE_ID) ?? '');
  lines.set(DEAD_LETTER.reason, reason.replace(NEWLINES, ' ').slice(0, 1_000));
  lines.set(DEAD_LETTER.consumer, consumer);
  lines.set(DEAD_LETTER.stream, message.info.stream);
  lines.set(DEAD_LETTER.sequence, String(message.info.streamSequence));
  lines.set(DEAD_LETTER.deliveries, String(message.info.deliveryCount));
  lines.set(DEAD_LETTER.at, new Date().toISOString());
  return lines;
};

/**
 * Puts an event that no handler could take where people can see and replay it. Resolves when it is stored, so the
 * original may be given up afterwards; written twice, it is stored once.
 */
export const buryEvent = async (
  bus: Bus,
  reaction: string,
  message: JsMsg,
  reason: string,
): Promise<void> => {
  const consumer = durableName(bus.service, reaction);
  await bus.jetstream.publish(deadLetterSubject(message.subject), message.data, {
    headers: linesOf(message, consumer, reason),
    msgID: `dead_${consumer}_${message.info.stream}_${message.info.streamSequence}`,
  });
};

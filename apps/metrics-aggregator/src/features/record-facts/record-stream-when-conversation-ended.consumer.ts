import { timestampDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import { Controller } from '@nestjs/common';
import { type ConversationEnded, ConversationEndedSchema } from '@tradeline/contracts';
import { type Delivery, OnEvent } from '@tradeline/messaging';
import { maskText, PermanentFailure, withLogContext } from '@tradeline/service-runtime';
import type { StreamFact } from '../../domain/facts.js';
import { RecordFacts } from './record-facts.js';
import { conversationResultWord } from './words.js';

/** Enough to tell what broke. */
const MOST_ERROR_CHARS = 300;

const dateOf = (timestamp: Timestamp | undefined): Date | undefined => timestamp && timestampDate(timestamp);

/** The wire has no "not measured": it is 0 there. */
const measured = (ms: number): number | undefined => (ms > 0 ? ms : undefined);

const later = (a: Date | undefined, b: Date | undefined): Date | undefined =>
  a && b ? (a > b ? a : b) : undefined;

const factOf = (event: ConversationEnded, endedAt: Date): StreamFact => {
  const { timings, callId, callSid, conversationId, reason, adapter, language } = event;
  if (callId === '') throw new PermanentFailure('ConversationEnded names no call');
  const twilioStart = dateOf(timings?.twilioStartAt);
  const openaiConnect = dateOf(timings?.openaiConnectAt);
  return {
    callId,
    callSid,
    conversationId,
    startedAt: dateOf(timings?.reservedAt) ?? endedAt,
    connectedAt: later(twilioStart, openaiConnect),
    handshakeMs: measured(timings?.handshakeMs ?? 0),
    fellBack: timings?.fellBack ?? false,
    // Written by a machine about a machine, but a peer's message may quote what it was sent.
    errorMessage: maskText(timings?.errorMessage ?? '').slice(0, MOST_ERROR_CHARS),
    twilioStart,
    openaiConnect,
    openaiConnectMs: measured(timings?.openaiConnectMs ?? 0),
    greetingMs: measured(timings?.greetingMs ?? 0),
    messagesIn: timings?.messagesIn ?? 0,
    messagesOut: timings?.messagesOut ?? 0,
    silenceNudges: timings?.silenceNudges ?? 0,
    bargeIns: timings?.bargeIns ?? 0,
    truncations: timings?.truncations ?? 0,
    falseInterruptions: timings?.falseInterruptions ?? 0,
    overlapMs: Number(timings?.overlapMs ?? 0n),
    modelErrors: timings?.modelErrors ?? 0,
    language,
    result: conversationResultWord(event.result),
    reason,
    adapter,
    endedAt,
    turns: (timings?.turns ?? []).map(({ turn, firstByteMs, heardGapMs }) => ({
      turn,
      firstByteMs,
      heardGapMs: measured(heardGapMs),
    })),
  };
};

@Controller()
export class RecordStreamWhenConversationEnded {
  constructor(private readonly recordFacts: RecordFacts) {}

  @OnEvent(ConversationEndedSchema, 'record-stream-when-conversation-ended')
  record(event: ConversationEnded, delivery: Delivery): Promise<void> {
    return withLogContext({ tenantId: delivery.tenantId, callId: event.callId }, () =>
      this.recordFacts.stream(factOf(event, delivery.occurredAt), delivery),
    );
  }
}

import { timestampDate } from '@bufbuild/protobuf/wkt';
import { Controller } from '@nestjs/common';
import { type CallEnded, CallEndedSchema } from '@tradeline/contracts';
import { type Delivery, OnEvent } from '@tradeline/messaging';
import { PermanentFailure, withLogContext } from '@tradeline/service-runtime';
import type { CallFact } from '../../domain/facts.js';
import { RecordFacts } from './record-facts.js';
import { callResultWord } from './words.js';

const factOf = (event: CallEnded, occurredAt: Date): CallFact => {
  if (event.callId === '') throw new PermanentFailure('CallEnded names no call');
  return {
    callId: event.callId,
    result: callResultWord(event.result),
    reason: event.reason,
    durationMs: Number(event.durationMs),
    startedAt: event.startedAt ? timestampDate(event.startedAt) : occurredAt,
    endedAt: event.endedAt ? timestampDate(event.endedAt) : occurredAt,
  };
};

@Controller()
export class RecordCallWhenCallEnded {
  constructor(private readonly recordFacts: RecordFacts) {}

  @OnEvent(CallEndedSchema, 'record-call-when-call-ended')
  record(event: CallEnded, delivery: Delivery): Promise<void> {
    return withLogContext({ tenantId: delivery.tenantId, callId: event.callId }, () =>
      this.recordFacts.call(factOf(event, delivery.occurredAt), delivery),
    );
  }
}

import { Controller } from '@nestjs/common';
import { CallEndedSchema } from '@tradeline/contracts';
import type { CallEnded } from '@tradeline/contracts';
import { OnEvent, RetryLater } from '@tradeline/messaging';
import type { Delivery } from '@tradeline/messaging';
import { PermanentFailure } from '@tradeline/service-runtime';
import type { CallEnding } from '../../domain/call-ending.js';
import { Clock } from '../../domain/clock.js';
import { Patience } from './patience.js';
import { QualifyLead } from './qualify-lead.js';

const endingOf = (event: CallEnded, { occurredAt }: Delivery): CallEnding => {
  if (event.callId === '') throw new PermanentFailure('an end of no call');
  return {
    callId: event.callId,
    conversationId: event.conversationId,
    endedAt: occurredAt,
    connected: event.conversationId !== '',
    silentByBridge: false,
    lastUtteranceSeq: undefined,
    fields: [],
    language: '',
    talkTimeMs: 0,
    callerIdShown: false,
    toNumber: event.toNumber,
  };
};

/** The verdict for a bridge that died and never said how its conversation ended, and for calls that had none. */
@Controller()
export class QualifyLeadWhenCallEnded {
  constructor(
    private readonly qualifyLead: QualifyLead,
    private readonly patience: Patience,
    private readonly clock: Clock,
  ) {}

  @OnEvent(CallEndedSchema, 'qualify-lead-when-call-ended', { maxDeliveries: 10 })
  async hear(event: CallEnded, delivery: Delivery): Promise<void> {
    const ending = endingOf(event, delivery);
    const graceMs = ending.endedAt.getTime() + this.patience.callEndedGraceMs - this.clock.now().getTime();
    if (ending.connected && graceMs > 0)
      throw new RetryLater(graceMs, "the conversation's own end may still come");
    await this.qualifyLead.decide(ending, 0, delivery);
  }
}

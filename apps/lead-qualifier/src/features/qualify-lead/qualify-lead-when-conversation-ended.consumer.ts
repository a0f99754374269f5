import { Controller } from '@nestjs/common';
import { ConversationEndedSchema, ConversationResult } from '@tradeline/contracts';
import type { ConversationEnded } from '@tradeline/contracts';
import { OnEvent } from '@tradeline/messaging';
import type { Delivery } from '@tradeline/messaging';
import { PermanentFailure } from '@tradeline/service-runtime';
import type { CallEnding } from '../../domain/call-ending.js';
import { capturedFieldOf } from '../../integrations/field-names.js';
import { Patience } from './patience.js';
import { QualifyLead } from './qualify-lead.js';

/** Where nothing was said because somebody's machine failed, the caller was not silent: they were not served. */
const BROKEN: readonly ConversationResult[] = [
  ConversationResult.CLIENT_ERROR,
  ConversationResult.UPSTREAM_ERROR,
  ConversationResult.SERVER_ERROR,
];

const endingOf = (event: ConversationEnded, { occurredAt }: Delivery): CallEnding => {
  if (event.conversationId === '' || event.callId === '')
    throw new PermanentFailure('an end of no conversation');
  return {
    callId: event.callId,
    conversationId: event.conversationId,
    endedAt: occurredAt,
    connected: !(BROKEN.includes(event.result) && event.lastUtteranceSeq === 0),
    silentByBridge: event.result === ConversationResult.SILENT_CALLER,
    lastUtteranceSeq: event.lastUtteranceSeq,
    fields: event.fields.flatMap((field) => capturedFieldOf(field) ?? []),
    language: event.language,
    talkTimeMs: Number(event.talkTimeMs),
    callerIdShown: event.fromNumber !== '',
    toNumber: event.toNumber,
  };
};

@Controller()
export class QualifyLeadWhenConversationEnded {
  constructor(
    private readonly qualifyLead: QualifyLead,
    private readonly patience: Patience,
  ) {}

  /** Missing utterances are looked for twice a second for ten seconds: each look is a delivery, and failures need some too. */
  @OnEvent(ConversationEndedSchema, 'qualify-lead-when-conversation-ended', { maxDeliveries: 40 })
  async hear(event: ConversationEnded, delivery: Delivery): Promise<void> {
    await this.qualifyLead.decide(endingOf(event, delivery), this.patience.transcriptWaitMs, delivery);
  }
}

import { Controller } from '@nestjs/common';
import { type LeadDismissed, LeadDismissedSchema } from '@tradeline/contracts';
import { type Delivery, OnEvent } from '@tradeline/messaging';
import { PermanentFailure, withLogContext } from '@tradeline/service-runtime';
import { RecordFacts } from './record-facts.js';
import { dismissalWord } from './words.js';

@Controller()
export class RecordLeadWhenLeadDismissed {
  constructor(private readonly recordFacts: RecordFacts) {}

  @OnEvent(LeadDismissedSchema, 'record-lead-when-lead-dismissed')
  async record({ leadId, callId, reason, language }: LeadDismissed, delivery: Delivery): Promise<void> {
    if (leadId === '') throw new PermanentFailure('LeadDismissed names no lead');
    const fact = {
      leadId,
      callId,
      outcome: 'dismissed' as const,
      category: undefined,
      score: undefined,
      dismissal: dismissalWord(reason),
      language,
      partial: false,
      decidedAt: delivery.occurredAt,
    };
    await withLogContext({ tenantId: delivery.tenantId, callId }, () =>
      this.recordFacts.lead(fact, delivery),
    );
  }
}

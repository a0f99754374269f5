import { Controller } from '@nestjs/common';
import { type LeadQualified, LeadQualifiedSchema } from '@tradeline/contracts';
import { type Delivery, OnEvent } from '@tradeline/messaging';
import { PermanentFailure, withLogContext } from '@tradeline/service-runtime';
import { RecordFacts } from './record-facts.js';
import { leadCategoryWord } from './words.js';

@Controller()
export class RecordLeadWhenLeadQualified {
  constructor(private readonly recordFacts: RecordFacts) {}

  @OnEvent(LeadQualifiedSchema, 'record-lead-when-lead-qualified')
  async record(event: LeadQualified, delivery: Delivery): Promise<void> {
    const { leadId, callId, category, score, language, partial } = event;
    if (leadId === '') throw new PermanentFailure('LeadQualified names no lead');
    const fact = {
      leadId,
      callId,
      outcome: 'qualified' as const,
      category: leadCategoryWord(category),
      score,
      dismissal: undefined,
      language,
      partial,
      decidedAt: delivery.occurredAt,
    };
    await withLogContext({ tenantId: delivery.tenantId, callId }, () =>
      this.recordFacts.lead(fact, delivery),
    );
  }
}

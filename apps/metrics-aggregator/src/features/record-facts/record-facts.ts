import { Injectable } from '@nestjs/common';
import { type Delivery, processOnce } from '@tradeline/messaging';
import { inSpan } from '@tradeline/service-runtime';
import { FactRepository } from '../../database/fact.repository.js';
import { MetricsDatabase } from '../../database/prisma.js';
import type { CallFact, LeadFact, StreamFact } from '../../domain/facts.js';
import { factRecorded } from '../../telemetry.js';

/** Keeps what was said as facts, each once: the fact and the mark that it is kept are one transaction. */
@Injectable()
export class RecordFacts {
  constructor(private readonly database: MetricsDatabase) {}

  async stream(fact: StreamFact, delivery: Delivery): Promise<void> {
    if (await this.once(delivery, (facts) => facts.saveStream(fact))) factRecorded('stream', fact.callId);
  }

  async call(fact: CallFact, delivery: Delivery): Promise<void> {
    if (await this.once(delivery, (facts) => facts.saveCall(fact))) factRecorded('call', fact.callId);
  }

  async lead(fact: LeadFact, delivery: Delivery): Promise<void> {
    if (await this.once(delivery, (facts) => facts.saveLead(fact))) factRecorded('lead', fact.leadId);
  }

  private once(delivery: Delivery, save: (facts: FactRepository) => Promise<void>): Promise<boolean> {
    return inSpan('record fact', {}, () =>
      this.database.inTenant(delivery.tenantId, async (tx) => {
        if (!(await processOnce(tx, delivery))) return false;
        await save(new FactRepository(tx, delivery.tenantId));
        return true;
      }),
    );
  }
}

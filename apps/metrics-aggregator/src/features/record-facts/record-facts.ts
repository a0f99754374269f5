import { Injectable } from '@nestjs/common';
import { type Delivery, processOnce } from '@tradeline/messaging';
import { inSpan } from '@tradeline/service-runtime';
import { FactRepository } from '../../database/fact.repository.js';
import { HealthStateRepository } from '../../database/health-state.repository.js';
import { MetricsDatabase, type MetricsTx } from '../../database/prisma.js';
import { RollupRepository } from '../../database/rollup.repository.js';
import type { CallFact, LeadFact, StreamFact } from '../../domain/facts.js';
import { factRecorded } from '../../telemetry.js';
import { JudgeHealth } from './judge-health.js';

/** Keeps what was said as facts, each once: the fact and the mark that it is kept are one transaction. */
@Injectable()
export class RecordFacts {
  constructor(
    private readonly database: MetricsDatabase,
    private readonly judgeHealth: JudgeHealth,
  ) {}

  /** Keeps the stream, merges it into the rollups of its hour and its day, and judges the tenant's health by it. */
  async stream(fact: StreamFact, delivery: Delivery): Promise<void> {
    const { tenantId } = delivery;
    const recorded = await this.once(delivery, async (tx) => {
      const level = await new HealthStateRepository(tx, tenantId).lock();
      await new FactRepository(tx, tenantId).saveStream(fact);
      await new RollupRepository(tx, tenantId).rollUpPending();
      await this.judgeHealth.judge(tx, tenantId, level);
    });
    if (recorded) factRecorded('stream', fact.callId);
  }

  async call(fact: CallFact, delivery: Delivery): Promise<void> {
    const save = (tx: MetricsTx) => new FactRepository(tx, delivery.tenantId).saveCall(fact);
    if (await this.once(delivery, save)) factRecorded('call', fact.callId);
  }

  async lead(fact: LeadFact, delivery: Delivery): Promise<void> {
    const save = (tx: MetricsTx) => new FactRepository(tx, delivery.tenantId).saveLead(fact);
    if (await this.once(delivery, save)) factRecorded('lead', fact.leadId);
  }

  private once(delivery: Delivery, save: (tx: MetricsTx) => Promise<void>): Promise<boolean> {
    return inSpan('record fact', {}, () =>
      this.database.inTenant(delivery.tenantId, async (tx) => {
        if (!(await processOnce(tx, delivery))) return false;
        await save(tx);
        return true;
      }),
    );
  }
}

import { Controller } from '@nestjs/common';
import { LeadQualifiedSchema } from '@tradeline/contracts';
import type { LeadQualified } from '@tradeline/contracts';
import { OnEvent } from '@tradeline/messaging';
import type { Delivery } from '@tradeline/messaging';
import { SyncCrm } from './sync-crm.js';

@Controller()
export class SyncCrmWhenLeadQualified {
  constructor(private readonly syncCrm: SyncCrm) {}

  @OnEvent(LeadQualifiedSchema, 'sync-crm-when-lead-qualified')
  async hear(event: LeadQualified, delivery: Delivery): Promise<void> {
    await this.syncCrm.owe(event, delivery);
  }
}

import { Controller } from '@nestjs/common';
import { LeadQualifiedSchema } from '@tradeline/contracts';
import type { LeadQualified } from '@tradeline/contracts';
import { OnEvent } from '@tradeline/messaging';
import type { Delivery } from '@tradeline/messaging';
import { AlertOwner } from './alert-owner.js';

@Controller()
export class AlertOwnerWhenLeadQualified {
  constructor(private readonly alertOwner: AlertOwner) {}

  @OnEvent(LeadQualifiedSchema, 'alert-owner-when-lead-qualified')
  async hear(event: LeadQualified, delivery: Delivery): Promise<void> {
    await this.alertOwner.owe(event, delivery);
  }
}

import { Controller } from '@nestjs/common';
import { LeadDismissedSchema } from '@tradeline/contracts';
import type { LeadDismissed } from '@tradeline/contracts';
import { OnEvent } from '@tradeline/messaging';
import type { Delivery } from '@tradeline/messaging';
import { MailDismissedCall } from './mail-dismissed-call.js';

@Controller()
export class MailDismissedCallWhenLeadDismissed {
  constructor(private readonly mailDismissedCall: MailDismissedCall) {}

  @OnEvent(LeadDismissedSchema, 'mail-dismissed-call-when-lead-dismissed')
  async hear(event: LeadDismissed, delivery: Delivery): Promise<void> {
    await this.mailDismissedCall.owe(event, delivery);
  }
}

import { Module } from '@nestjs/common';
import { MailDismissedCall } from './mail-dismissed-call.js';
import { MailDismissedCallWhenLeadDismissed } from './mail-dismissed-call-when-lead-dismissed.consumer.js';

@Module({ controllers: [MailDismissedCallWhenLeadDismissed], providers: [MailDismissedCall] })
export class MailDismissedCallModule {}

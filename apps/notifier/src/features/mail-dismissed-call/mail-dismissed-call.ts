import { Injectable } from '@nestjs/common';
import { processOnce } from '@tradeline/messaging';
import type { Delivery as EventDelivery } from '@tradeline/messaging';
import { currentTraceparent } from '@tradeline/service-runtime';
import { recipientsInWords } from '../../domain/alert-settings.js';
import { DeliveryRepository } from '../../database/delivery.repository.js';
import { NotificationsDatabase } from '../../database/prisma.js';
import { AlertSettingsBook } from '../../domain/alert-settings.js';
import { DeliveryQueues } from '../../integrations/queues/delivery-queues.js';
import { deliveryOwed, nobodyToTell } from '../../telemetry.js';

/** Owes a mail about a dismissed call, to tenants who asked for that. */
@Injectable()
export class MailDismissedCall {
  constructor(
    private readonly database: NotificationsDatabase,
    private readonly deliveries: DeliveryRepository,
    private readonly settings: AlertSettingsBook,
    private readonly queues: DeliveryQueues,
  ) {}

  async owe(lead: { leadId: string; callId: string }, heard: EventDelivery): Promise<void> {
    const { tenantId } = heard;
    const settings = await this.settings.of(tenantId);
    const recipients = settings?.mailDismissedCalls === true ? settings.mailRecipients.length : 0;
    if (recipients === 0) return nobodyToTell('dismissed-call-mail');
    const owed = await this.database.inTenant(tenantId, async (tx) => {
      if (!(await processOnce(tx, heard))) return undefined;
      return this.deliveries.owe(tx, {
        tenantId,
        target: 'smtp',
        kind: 'dismissed-call-mail',
        subjectId: lead.leadId,
        callId: lead.callId,
        traceparent: currentTraceparent(),
        detail: recipientsInWords(recipients),
        reasons: [],
      });
    });
    if (!owed) return;
    deliveryOwed(owed, 'dismissed-call-mail');
    await this.queues.enqueue(owed);
  }
}

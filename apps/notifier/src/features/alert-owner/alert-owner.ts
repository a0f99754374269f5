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

/** Owes the owner a mail about a lead. */
@Injectable()
export class AlertOwner {
  constructor(
    private readonly database: NotificationsDatabase,
    private readonly deliveries: DeliveryRepository,
    private readonly settings: AlertSettingsBook,
    private readonly queues: DeliveryQueues,
  ) {}

  async owe(
    lead: { leadId: string; callId: string; reasons: readonly string[] },
    heard: EventDelivery,
  ): Promise<void> {
    const { tenantId } = heard;
    const settings = await this.settings.of(tenantId);
    // An empty list is a choice. A tenant without settings has made none: that mail is owed and says what is missing.
    if (settings?.mailRecipients.length === 0) return nobodyToTell('transcript-mail');
    const owed = await this.database.inTenant(tenantId, async (tx) => {
      if (!(await processOnce(tx, heard))) return undefined;
      return this.deliveries.owe(tx, {
        tenantId,
        target: 'smtp',
        kind: 'transcript-mail',
        subjectId: lead.leadId,
        callId: lead.callId,
        traceparent: currentTraceparent(),
        detail: settings ? recipientsInWords(settings.mailRecipients.length) : '',
        reasons: lead.reasons,
      });
    });
    if (!owed) return;
    deliveryOwed(owed, 'transcript-mail');
    await this.queues.enqueue(owed);
  }
}

import { Injectable } from '@nestjs/common';
import { processOnce } from '@tradeline/messaging';
import type { Delivery as EventDelivery } from '@tradeline/messaging';
import { currentTraceparent } from '@tradeline/service-runtime';
import { ConnectionRepository } from '../../database/connection.repository.js';
import { DeliveryRepository } from '../../database/delivery.repository.js';
import { NotificationsDatabase } from '../../database/prisma.js';
import type { OwedDelivery } from '../../domain/delivery.js';
import { DeliveryQueues } from '../../integrations/queues/delivery-queues.js';
import { deliveryOwed } from '../../telemetry.js';

/** Owes a lead to every CRM and webhook that the tenant has switched on. */
@Injectable()
export class SyncCrm {
  constructor(
    private readonly database: NotificationsDatabase,
    private readonly connections: ConnectionRepository,
    private readonly deliveries: DeliveryRepository,
    private readonly queues: DeliveryQueues,
  ) {}

  async owe(
    lead: { leadId: string; callId: string; reasons: readonly string[] },
    heard: EventDelivery,
  ): Promise<void> {
    const { tenantId } = heard;
    const owed = await this.database.inTenant(tenantId, async (tx): Promise<OwedDelivery[]> => {
      if (!(await processOnce(tx, heard))) return [];
      const made: OwedDelivery[] = [];
      for (const target of await this.connections.enabledTargets(tx, tenantId)) {
        const delivery = await this.deliveries.owe(tx, {
          tenantId,
          target,
          kind: 'crm-sync',
          subjectId: lead.leadId,
          callId: lead.callId,
          traceparent: currentTraceparent(),
          detail: '',
          reasons: lead.reasons,
        });
        if (delivery) made.push(delivery);
      }
      return made;
    });
    for (const delivery of owed) deliveryOwed(delivery, 'crm-sync');
    await Promise.all(owed.map((delivery) => this.queues.enqueue(delivery)));
  }
}

import { Injectable } from '@nestjs/common';
import { NotFound, RpcRefused } from '@tradeline/messaging';
import { DeliveryRepository } from '../../database/delivery.repository.js';
import { NotificationsDatabase } from '../../database/prisma.js';
import type { Delivery } from '../../domain/delivery.js';
import { DeliveryQueues } from '../../integrations/queues/delivery-queues.js';
import { deliveryReplayed } from '../../telemetry.js';

const MOST = 100;
const USUAL = 25;
const DELIVERY_ID = /^dl_[0-9a-f]{32}$/;

export interface Page {
  readonly deliveries: readonly Delivery[];
  readonly nextCursor: string;
}

const positionOf = (cursor: string): string => {
  if (cursor === '') return '';
  const deliveryId = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!DELIVERY_ID.test(deliveryId)) throw new RpcRefused('invalid', 'cursor: is none of ours');
  return deliveryId;
};

@Injectable()
export class BrowseDeliveries {
  constructor(
    private readonly database: NotificationsDatabase,
    private readonly deliveries: DeliveryRepository,
    private readonly queues: DeliveryQueues,
  ) {}

  /** Newest first. @throws RpcRefused "invalid" for a cursor that is none of ours. */
  async list(tenantId: string, page: { limit: number; cursor: string; callId: string }): Promise<Page> {
    const limit = page.limit > 0 ? Math.min(page.limit, MOST) : USUAL;
    const before = positionOf(page.cursor);
    const found = await this.database.inTenant(tenantId, (tx) =>
      // One more than asked for tells whether there is another page.
      this.deliveries.list(tx, { limit: limit + 1, before, callId: page.callId }),
    );
    const deliveries = found.slice(0, limit);
    const last = found.length > limit ? deliveries.at(-1) : undefined;
    return { deliveries, nextCursor: last ? Buffer.from(last.deliveryId).toString('base64url') : '' };
  }

  /**
   * Puts a failed or unknown delivery back on the list of what is owed.
   * @throws NotFound when the tenant has none of this id; RpcRefused "invalid" when it is neither failed nor unknown.
   */
  async replay(tenantId: string, deliveryId: string): Promise<Delivery> {
    const replayed = await this.database.inTenant(tenantId, async (tx) => {
      const owed = await this.deliveries.replay(tx, deliveryId);
      if (owed) return owed;
      const found = await this.deliveries.find(tx, deliveryId);
      if (!found) throw new NotFound('no such delivery');
      throw new RpcRefused('invalid', `delivery_id: this delivery is ${found.state}`);
    });
    deliveryReplayed(replayed);
    await this.queues.enqueue(replayed);
    return replayed;
  }
}

import { Injectable } from '@nestjs/common';
import {
  LeadAlertDeliveredSchema,
  LeadAlertFailedSchema,
  LeadCrmSyncFailedSchema,
  LeadSyncedToCrmSchema,
} from '@tradeline/contracts';
import { appendEvent } from '@tradeline/messaging';
import { TenantKeys } from '@tradeline/service-runtime';
import { ConnectionRepository } from '../../database/connection.repository.js';
import { DeliveryAttemptRepository } from '../../database/delivery-attempt.repository.js';
import { DeliveryRepository } from '../../database/delivery.repository.js';
import type { Claim } from '../../database/delivery.repository.js';
import { NotificationsDatabase } from '../../database/prisma.js';
import type { NotificationsTx } from '../../database/prisma.js';
import type { Receipt } from '../../domain/courier.js';
import { isCrmTarget } from '../../domain/delivery.js';
import type { Delivery } from '../../domain/delivery.js';
import type { TroubleFacts } from '../../domain/remote-trouble.js';
import type { Verdict } from '../../domain/retry-verdict.js';

const TRIES = 4;
const PAUSE_MS = 250;

/** The remote has spoken: a short fault of the database must not make it be asked again. */
const insist = async <R>(act: () => Promise<R>): Promise<R> => {
  for (let tried = 1; ; tried += 1) {
    try {
      return await act();
    } catch (error) {
      if (tried >= TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * tried));
    }
  }
};

/** Writes down how an attempt ended: the delivery, the attempt and the event in one transaction. */
@Injectable()
export class SettleDelivery {
  constructor(
    private readonly database: NotificationsDatabase,
    private readonly deliveries: DeliveryRepository,
    private readonly attempts: DeliveryAttemptRepository,
    private readonly connections: ConnectionRepository,
    private readonly keys: TenantKeys,
  ) {}

  /** False when another worker has said so before. */
  async delivered(delivery: Delivery, receipt: Receipt, latencyMs: number): Promise<boolean> {
    const { tenantId, deliveryId, attempts } = delivery;
    return insist(() =>
      this.database.inTenant(tenantId, async (tx) => {
        const first = await this.deliveries.markDelivered(tx, deliveryId, receipt);
        await this.attempts.finish(tx, deliveryId, attempts, {
          outcome: 'delivered',
          latencyMs,
          status: receipt.status,
          remoteRequestId: receipt.requestId,
          redactedBody: '',
          error: '',
        });
        if (first) await this.sayDelivered(tx, delivery, receipt);
        return first;
      }),
    );
  }

  /** False when the lease was lost meanwhile: whoever has the delivery now decides. */
  async notDelivered(
    delivery: Delivery,
    claim: Claim,
    facts: TroubleFacts,
    verdict: Verdict,
    latencyMs: number,
  ): Promise<boolean> {
    const { tenantId, deliveryId, attempts, target } = delivery;
    return insist(() =>
      this.database.inTenant(tenantId, async (tx) => {
        await this.attempts.finish(tx, deliveryId, attempts, {
          outcome: verdict.kind,
          latencyMs,
          status: facts.status ?? 0,
          remoteRequestId: facts.requestId ?? '',
          redactedBody: facts.redactedBody ?? '',
          error: facts.words,
        });
        if (isCrmTarget(target)) {
          if (facts.disable) await this.connections.disable(tx, tenantId, target, facts.words);
          if (facts.retryAfterMs) {
            const until = new Date(Date.now() + facts.retryAfterMs);
            await this.connections.park(tx, tenantId, target, until);
            await this.deliveries.park(tx, target, until);
          }
        }
        if (verdict.kind === 'retry') return this.deliveries.postpone(tx, claim, verdict);
        const ours = await this.deliveries.markFailed(tx, claim, verdict.words);
        if (ours) await this.sayFailed(tx, delivery, verdict.words);
        return ours;
      }),
    );
  }

  private async sayDelivered(tx: NotificationsTx, delivery: Delivery, { remoteId }: Receipt): Promise<void> {
    const { tenantId, deliveryId, callId, subjectId: leadId, target } = delivery;
    const ids = { leadId, callId, deliveryId };
    if (isCrmTarget(target))
      await appendEvent(tx, this.keys, LeadSyncedToCrmSchema, { ...ids, target, remoteId }, { tenantId });
    else
      await appendEvent(tx, this.keys, LeadAlertDeliveredSchema, { ...ids, channel: 'mail' }, { tenantId });
  }

  private async sayFailed(tx: NotificationsTx, delivery: Delivery, reason: string): Promise<void> {
    const { tenantId, deliveryId, callId, subjectId: leadId, target } = delivery;
    const ids = { leadId, callId, deliveryId, reason };
    if (isCrmTarget(target))
      await appendEvent(tx, this.keys, LeadCrmSyncFailedSchema, { ...ids, target }, { tenantId });
    else await appendEvent(tx, this.keys, LeadAlertFailedSchema, { ...ids, channel: 'mail' }, { tenantId });
  }
}

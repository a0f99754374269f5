import { Injectable } from '@nestjs/common';
import { newId } from '@tradeline/service-runtime';
import type { Delivery, NewDelivery, OwedDelivery, Target } from '../domain/delivery.js';
import type { Receipt } from '../domain/courier.js';
import { DELIVERY_COLUMNS, deliveryOf } from './delivery-row.js';
import type { DeliveryRow } from './delivery-row.js';
import type { NotificationsTx } from './prisma.js';

export interface Claim {
  readonly deliveryId: string;
  /** Names this one attempt of this one worker. */
  readonly claimedBy: string;
  readonly leaseMs: number;
}

/** A job may run a little before its time: clocks of queue and database differ. */
const EARLY_MS = 250;

const MS = `interval '1 millisecond'`;

@Injectable()
export class DeliveryRepository {
  /** Owes a delivery; undefined when it is owed or done already. */
  async owe(tx: NotificationsTx, delivery: NewDelivery): Promise<OwedDelivery | undefined> {
    const deliveryId = newId('dl');
    const inserted = await tx.$executeRawUnsafe(
      `INSERT INTO deliveries (tenant_id, delivery_id, target, kind, subject_id, call_id, state, traceparent, detail, reasons)
       VALUES ($1, $2, $3, $4, $5, $6, 'owed', $7, $8, $9) ON CONFLICT (tenant_id, target, subject_id, kind) DO NOTHING`,
      delivery.tenantId,
      deliveryId,
      delivery.target,
      delivery.kind,
      delivery.subjectId,
      delivery.callId,
      delivery.traceparent ?? null,
      delivery.detail,
      [...delivery.reasons],
    );
    if (inserted === 0) return undefined;
    return { tenantId: delivery.tenantId, deliveryId, target: delivery.target, attempts: 0 };
  }

  /**
   * Takes a due delivery for one attempt, so that no other worker has it until the lease ends; undefined when it is
   * done, not due or taken. The attempt is counted and kept before it is made: one that kills its process is seen.
   */
  async claim(tx: NotificationsTx, { deliveryId, claimedBy, leaseMs }: Claim): Promise<Delivery | undefined> {
    const [row] = await tx.$queryRawUnsafe<DeliveryRow[]>(
      `UPDATE deliveries
       SET claimed_by = $2, claimed_until = clock_timestamp() + $3 * ${MS}, attempts = attempts + 1, updated_at = now()
       WHERE delivery_id = $1 AND state = 'owed' AND next_attempt_at <= clock_timestamp() + ${EARLY_MS} * ${MS}
         AND (claimed_until IS NULL OR claimed_until < clock_timestamp())
       RETURNING ${DELIVERY_COLUMNS}`,
      deliveryId,
      claimedBy,
      leaseMs,
    );
    if (!row) return undefined;
    await tx.$executeRawUnsafe(
      `INSERT INTO delivery_attempts (tenant_id, delivery_id, attempt, traceparent) VALUES ($1, $2, $3, $4)`,
      row.tenant_id,
      deliveryId,
      row.attempts,
      row.traceparent,
    );
    return deliveryOf(row);
  }

  /** Keeps the delivery for another lease; false when it is no longer ours. */
  async renew(tx: NotificationsTx, { deliveryId, claimedBy, leaseMs }: Claim): Promise<boolean> {
    const renewed = await tx.$executeRawUnsafe(
      `UPDATE deliveries SET claimed_until = clock_timestamp() + $3 * ${MS}
       WHERE delivery_id = $1 AND claimed_by = $2 AND state = 'owed'`,
      deliveryId,
      claimedBy,
      leaseMs,
    );
    return renewed === 1;
  }

  /** Also when the lease was lost meanwhile: the remote has it. False when another worker said so before. */
  async markDelivered(tx: NotificationsTx, deliveryId: string, receipt: Receipt): Promise<boolean> {
    const marked = await tx.$executeRawUnsafe(
      `UPDATE deliveries SET state = 'delivered', claimed_by = NULL, claimed_until = NULL, last_error = '',
         remote_id = $2, detail = coalesce($3, detail), updated_at = now()
       WHERE delivery_id = $1 AND state = 'owed'`,
      deliveryId,
      receipt.remoteId,
      receipt.detail ?? null,
    );
    return marked === 1;
  }

  /** False when the lease was lost: whoever has it decides. */
  async markFailed(tx: NotificationsTx, { deliveryId, claimedBy }: Claim, words: string): Promise<boolean> {
    const marked = await tx.$executeRawUnsafe(
      `UPDATE deliveries SET state = 'failed', claimed_by = NULL, claimed_until = NULL, last_error = $3, updated_at = now()
       WHERE delivery_id = $1 AND claimed_by = $2 AND state = 'owed'`,
      deliveryId,
      claimedBy,
      words,
    );
    return marked === 1;
  }

  /** False when the lease was lost. */
  async postpone(
    tx: NotificationsTx,
    { deliveryId, claimedBy }: Claim,
    { delayMs, words }: { delayMs: number; words: string },
  ): Promise<boolean> {
    const marked = await tx.$executeRawUnsafe(
      `UPDATE deliveries SET next_attempt_at = clock_timestamp() + $3 * ${MS}, claimed_by = NULL, claimed_until = NULL,
         last_error = $4, updated_at = now()
       WHERE delivery_id = $1 AND claimed_by = $2 AND state = 'owed'`,
      deliveryId,
      claimedBy,
      delayMs,
      words,
    );
    return marked === 1;
  }

  /** Nothing of this tenant goes to this target before `until`; what nobody is sending now waits. */
  async park(tx: NotificationsTx, target: Target, until: Date): Promise<void> {
    await tx.$executeRawUnsafe(
      `UPDATE deliveries SET next_attempt_at = greatest(next_attempt_at, $2)
       WHERE target = $1 AND state = 'owed' AND (claimed_until IS NULL OR claimed_until < clock_timestamp())`,
      target,
      until,
    );
  }

  /** Puts a failed or unknown delivery back; undefined when there is none in such a state. */
  async replay(tx: NotificationsTx, deliveryId: string): Promise<Delivery | undefined> {
    const [row] = await tx.$queryRawUnsafe<DeliveryRow[]>(
      `UPDATE deliveries SET state = 'owed', owed_at = now(), next_attempt_at = now(), last_error = '', claimed_by = NULL,
         claimed_until = NULL, updated_at = now()
       WHERE delivery_id = $1 AND state IN ('failed', 'unknown') RETURNING ${DELIVERY_COLUMNS}`,
      deliveryId,
    );
    return row && deliveryOf(row);
  }

  async find(tx: NotificationsTx, deliveryId: string): Promise<Delivery | undefined> {
    const [row] = await tx.$queryRawUnsafe<DeliveryRow[]>(
      `SELECT ${DELIVERY_COLUMNS} FROM deliveries WHERE delivery_id = $1`,
      deliveryId,
    );
    return row && deliveryOf(row);
  }

  /** Newest first; `before` is the last id of the page before. */
  async list(
    tx: NotificationsTx,
    { limit, before, callId }: { limit: number; before: string; callId: string },
  ): Promise<readonly Delivery[]> {
    const rows = await tx.$queryRawUnsafe<DeliveryRow[]>(
      `SELECT ${DELIVERY_COLUMNS} FROM deliveries
       WHERE ($2 = '' OR delivery_id < $2) AND ($3 = '' OR call_id = $3)
       ORDER BY delivery_id DESC LIMIT $1`,
      limit,
      before,
      callId,
    );
    return rows.map(deliveryOf);
  }
}

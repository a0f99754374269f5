import { Injectable } from '@nestjs/common';
import type { NotificationsTx } from './prisma.js';

export interface AttemptResult {
  readonly outcome: 'delivered' | 'retry' | 'failed';
  readonly latencyMs: number;
  readonly status: number;
  readonly remoteRequestId: string;
  readonly redactedBody: string;
  readonly error: string;
}

@Injectable()
export class DeliveryAttemptRepository {
  /** Writes how an attempt ended; the claim has made its row. */
  async finish(
    tx: NotificationsTx,
    deliveryId: string,
    attempt: number,
    result: AttemptResult,
  ): Promise<void> {
    await tx.deliveryAttempt.updateMany({ where: { deliveryId, attempt }, data: result });
  }

  async of(
    tx: NotificationsTx,
    deliveryId: string,
  ): Promise<readonly (AttemptResult & { attempt: number })[]> {
    const rows = await tx.deliveryAttempt.findMany({ where: { deliveryId }, orderBy: { attempt: 'asc' } });
    return rows.map((row) => ({
      attempt: row.attempt,
      outcome: row.outcome as AttemptResult['outcome'],
      latencyMs: row.latencyMs ?? 0,
      status: row.status,
      remoteRequestId: row.remoteRequestId,
      redactedBody: row.redactedBody,
      error: row.error,
    }));
  }
}

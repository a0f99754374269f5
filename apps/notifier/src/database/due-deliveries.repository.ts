import { poolConfig } from '@tradeline/service-runtime';
import pg from 'pg';
import type { OwedDelivery, Target } from '../domain/delivery.js';

/** The index of what is owed, across tenants: the relay role sees ids and times of owed deliveries and nothing else. */
export class DueDeliveriesRepository {
  private readonly pool: pg.Pool;

  constructor(relayUrl: string) {
    this.pool = new pg.Pool(poolConfig(relayUrl, { max: 1 }));
    // An idle connection that the server cuts must not end the process; the next query opens another.
    this.pool.on('error', () => undefined);
  }

  /** Due and in nobody's hands, the longest waiting first; what became due a moment ago is on its way to the list. */
  async due(limit: number): Promise<readonly OwedDelivery[]> {
    const { rows } = await this.pool.query<{
      tenant_id: string;
      delivery_id: string;
      target: string;
      attempts: number;
    }>(
      `SELECT tenant_id, delivery_id, target, attempts FROM deliveries
       WHERE state = 'owed' AND next_attempt_at <= now() - interval '500 milliseconds' AND (claimed_until IS NULL OR claimed_until < now())
       ORDER BY next_attempt_at LIMIT $1`,
      [limit],
    );
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      deliveryId: row.delivery_id,
      target: row.target as Target,
      attempts: row.attempts,
    }));
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

import type { Delivery, DeliveryKind, DeliveryState, Target } from '../domain/delivery.js';

/** A row of `deliveries`, as SQL returns it. */
export interface DeliveryRow {
  readonly tenant_id: string;
  readonly delivery_id: string;
  readonly target: string;
  readonly kind: string;
  readonly subject_id: string;
  readonly call_id: string;
  readonly state: string;
  readonly attempts: number;
  readonly owed_at: Date;
  readonly next_attempt_at: Date;
  readonly traceparent: string | null;
  readonly last_error: string;
  readonly remote_id: string;
  readonly detail: string;
  readonly reasons: readonly string[];
  readonly created_at: Date;
  readonly updated_at: Date;
}

export const DELIVERY_COLUMNS =
  'tenant_id, delivery_id, target, kind, subject_id, call_id, state, attempts, owed_at, next_attempt_at, traceparent, ' +
  'last_error, remote_id, detail, reasons, created_at, updated_at';

/** The table's checks hold the three words to what the types allow. */
export const deliveryOf = (row: DeliveryRow): Delivery => ({
  tenantId: row.tenant_id,
  deliveryId: row.delivery_id,
  target: row.target as Target,
  kind: row.kind as DeliveryKind,
  subjectId: row.subject_id,
  callId: row.call_id,
  state: row.state as DeliveryState,
  attempts: row.attempts,
  owedAt: row.owed_at,
  nextAttemptAt: row.next_attempt_at,
  traceparent: row.traceparent ?? undefined,
  lastError: row.last_error,
  remoteId: row.remote_id,
  detail: row.detail,
  reasons: row.reasons,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

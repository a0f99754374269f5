export const TARGETS = ['smtp', 'hubspot', 'webhook'] as const;
/** Where a delivery goes. */
export type Target = (typeof TARGETS)[number];

/** A target that a tenant connects by itself. */
export type CrmTarget = Exclude<Target, 'smtp'>;

export const isCrmTarget = (target: string): target is CrmTarget =>
  target === 'hubspot' || target === 'webhook';

export type DeliveryKind = 'transcript-mail' | 'dismissed-call-mail' | 'crm-sync';

/**
 * owed: to be done. delivered: the remote took it. failed: will not heal without a person.
 * unknown: it may have arrived and the remote cannot be asked.
 */
export type DeliveryState = 'owed' | 'delivered' | 'failed' | 'unknown';

/** What a delivery is: together these four are its key, so the same fact heard twice owes nothing twice. */
export interface DeliveryKey {
  readonly tenantId: string;
  readonly target: Target;
  readonly kind: DeliveryKind;
  /** The lead it is about. */
  readonly subjectId: string;
}

export interface NewDelivery extends DeliveryKey {
  readonly callId: string;
  /** W3C trace context of the event that made it owed: the spans of every attempt are its children. */
  readonly traceparent: string | undefined;
  readonly detail: string;
  /** Stable words for what moved the lead's score, e.g. "callback_number_given". */
  readonly reasons: readonly string[];
}

export interface Delivery extends NewDelivery {
  /** "dl_..."; also the mail's Message-ID and the webhook's webhook-id, so every retry is known as the same. */
  readonly deliveryId: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly owedAt: Date;
  readonly nextAttemptAt: Date;
  /** In words a business owner understands; empty when all is well. */
  readonly lastError: string;
  readonly remoteId: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Enough to enqueue a delivery; the queue holds ids and no content. */
export interface OwedDelivery {
  readonly tenantId: string;
  readonly deliveryId: string;
  readonly target: Target;
  /** Attempts made so far: each attempt is a queue job of its own. */
  readonly attempts: number;
}

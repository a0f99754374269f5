import { counter, histogramMs, log } from '@tradeline/service-runtime';
import type { Delivery, OwedDelivery } from './domain/delivery.js';
import type { TroubleFacts } from './domain/remote-trouble.js';

const owed = counter('notifier.deliveries.owed', 'Deliveries that became owed, by target');
const delivered = counter('notifier.deliveries.delivered', 'Deliveries that the remote took, by target');
const failed = counter('notifier.deliveries.failed', 'Deliveries that need a person now, by target');
const retried = counter('notifier.deliveries.retried', 'Attempts that are made again, by target and status');
const swept = counter(
  'notifier.deliveries.swept',
  'Deliveries that were due and had to be put on the list again',
);
const lag = histogramMs('notifier.delivery.lag', 'From when a delivery became owed until the remote took it');
const attemptTime = histogramMs(
  'notifier.attempt.duration',
  'One attempt, from its start to the remote’s answer',
);

export const deliveryOwed = ({ deliveryId, target }: OwedDelivery, kind: string): void => {
  owed.add(1, { target });
  log.info('delivery_owed', { deliveryId, target, kind });
};

/** The tenant has chosen that nobody is told. */
export const nobodyToTell = (kind: string): void => log.info('nobody_to_tell', { kind });

export const deliveryDelivered = (delivery: Delivery, latencyMs: number): void => {
  const { deliveryId, target, kind, attempts } = delivery;
  const lagMs = Date.now() - delivery.owedAt.getTime();
  delivered.add(1, { target });
  lag.record(lagMs, { target });
  attemptTime.record(latencyMs, { target });
  log.info('delivery_delivered', { deliveryId, target, kind, attempts, latencyMs, lagMs });
};

export const deliveryPostponed = (
  delivery: Delivery,
  { status = 0 }: TroubleFacts,
  delayMs: number,
): void => {
  const { deliveryId, target, kind, attempts } = delivery;
  retried.add(1, { target, status: String(status) });
  log.warn('delivery_postponed', { deliveryId, target, kind, attempts, status, delayMs });
};

export const deliveryFailed = (delivery: Delivery, { status = 0, words }: TroubleFacts): void => {
  const { deliveryId, target, kind, attempts } = delivery;
  failed.add(1, { target });
  log.error('delivery_failed', { deliveryId, target, kind, attempts, status, reason: words });
};

/** Another worker has it, or had it: nothing is lost, and the remote deduplicates where it can. */
export const leaseLost = (deliveryId: string): void => log.warn('delivery_lease_lost', { deliveryId });

export const deliveryReplayed = (delivery: Delivery): void =>
  log.info('delivery_replayed', {
    deliveryId: delivery.deliveryId,
    target: delivery.target,
    kind: delivery.kind,
  });

export const deliveriesSwept = (count: number): void => {
  swept.add(count);
  log.info('deliveries_swept', { count });
};

export const connectionChanged = (target: string, enabled: boolean): void =>
  log.info('connection_changed', { target, enabled });

export const connectionDisabled = (target: string, reason: string): void =>
  log.warn('connection_disabled', { target, reason });

export const unexpectedTrouble = (deliveryId: string, error: unknown): void =>
  log.error('delivery_attempt_broke', { deliveryId, error });

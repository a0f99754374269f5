import { getQueueToken } from '@nestjs/bullmq';
import { log } from '@tradeline/service-runtime';
import type { Queue } from 'bullmq';
import type { OwedDelivery, Target } from '../../domain/delivery.js';

/** A queue per kind of remote: one that hangs holds up nobody else's work. */
export const QUEUE_OF = {
  smtp: 'notifier-mail',
  hubspot: 'notifier-hubspot',
  webhook: 'notifier-webhook',
} as const satisfies Readonly<Record<Target, string>>;

export const QUEUE_NAMES = Object.values(QUEUE_OF);
export const QUEUE_TOKENS = QUEUE_NAMES.map((name) => getQueueToken(name));

/** In braces, so that all keys of a queue lie in one slot of a Redis cluster. */
export const QUEUE_PREFIX = '{tradeline-notifier}';

/** What a job holds: where to look, and nothing about anybody. */
export interface DeliverJob {
  readonly tenantId: string;
  readonly deliveryId: string;
}

/** `add` waits for ever while Redis is away; nobody who enqueues can wait so long, and the sweeper finds what was missed. */
const ENQUEUE_TIMEOUT_MS = 1_000;

/** Puts owed deliveries on the to-do list. The list is a convenience: the table says what is owed. */
export class DeliveryQueues {
  constructor(private readonly queues: ReadonlyMap<string, Queue<DeliverJob>>) {}

  /** @returns false when the list could not take it; nothing is lost by that. */
  async enqueue(delivery: OwedDelivery, delayMs = 0): Promise<boolean> {
    const queue = this.queues.get(QUEUE_OF[delivery.target]);
    if (!queue) throw new Error(`no queue for ${delivery.target}`);
    const { tenantId, deliveryId, attempts } = delivery;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), ENQUEUE_TIMEOUT_MS);
    });
    const added = queue
      .add(
        'deliver',
        { tenantId, deliveryId },
        {
          // One job per attempt, however often it is enqueued. A job that is over must not keep its id taken.
          jobId: `${deliveryId}_${attempts}`,
          removeOnComplete: true,
          removeOnFail: true,
          delay: Math.max(0, Math.round(delayMs)),
        },
      )
      .then(
        () => true,
        (error: unknown) => {
          log.warn('delivery_not_enqueued', { deliveryId, error });
          return false;
        },
      );
    try {
      return await Promise.race([added, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

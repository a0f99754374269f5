import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { log, Runtime } from '@tradeline/service-runtime';
import { DueDeliveriesRepository } from '../../database/due-deliveries.repository.js';
import { DeliveryQueues } from '../../integrations/queues/delivery-queues.js';
import { deliveriesSwept } from '../../telemetry.js';

export const SWEEP_INTERVAL_MS = Symbol('sweep interval');

const BATCH = 500;
const AT_ONCE = 50;

/**
 * Puts back on the to-do list what is due and in nobody's hands: after Redis forgot it, after a worker was killed, after
 * the list could not be reached. What is on the list already is recognised by its job id.
 */
@Injectable()
export class SweepOwed implements OnApplicationBootstrap {
  private stopped = false;
  private wake: () => void = () => undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly due: DueDeliveriesRepository,
    private readonly queues: DeliveryQueues,
    private readonly runtime: Runtime,
    @Inject(SWEEP_INTERVAL_MS) private readonly intervalMs: number,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
    this.runtime.onDrain('sweep-owed', async () => {
      this.stopped = true;
      this.wake();
      await this.running;
    });
  }

  /** @returns how many were put on the list. */
  async sweep(): Promise<number> {
    const owed = await this.due.due(BATCH);
    let enqueued = 0;
    for (let start = 0; start < owed.length; start += AT_ONCE) {
      const taken = await Promise.all(
        owed.slice(start, start + AT_ONCE).map((delivery) => this.queues.enqueue(delivery)),
      );
      enqueued += taken.filter(Boolean).length;
      // The list is away: the rest waits for the next time.
      if (taken.includes(false)) break;
    }
    return enqueued;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      try {
        const count = await this.sweep();
        if (count > 0) deliveriesSwept(count);
      } catch (error) {
        log.warn('sweep_failed', { error });
      }
      await this.pause();
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.intervalMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
      if (this.stopped) this.wake();
    });
  }
}

import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { log, Runtime } from '@tradeline/service-runtime';
import type { Job } from 'bullmq';
import type { Target } from '../../domain/delivery.js';
import { QUEUE_OF } from '../../integrations/queues/delivery-queues.js';
import type { DeliverJob } from '../../integrations/queues/delivery-queues.js';
import { Deliver } from './deliver.js';

const WORKER = {
  // Enough that one slow remote is waited for beside others.
  concurrency: 8,
  // BullMQ's lock only keeps two workers off one job; the lease in the table keeps them off one delivery. It is
  // renewed at half its time, so an event loop that is busy for some seconds does not lose it.
  lockDuration: 30_000,
  // How soon a job of a killed worker is found. The sweeper finds its delivery earlier, when the lease ends.
  stalledInterval: 15_000,
  // A job that stalls again is no reason to give it up: what it is about stays owed.
  maxStalledCount: 1_000,
};

/** A job says which delivery; everything else is in the table. A job never fails: its outcome is a row. */
@Injectable()
abstract class DeliverJobs extends WorkerHost implements OnApplicationBootstrap {
  protected abstract readonly target: Target;

  constructor(
    private readonly deliver: Deliver,
    private readonly runtime: Runtime,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    // Attempts in hand are finished before the database closes.
    this.runtime.onDrain(`deliver ${this.target}`, () => this.worker.close());
  }

  override async process(job: Job<DeliverJob>): Promise<void> {
    await this.deliver.attempt(job.data.tenantId, job.data.deliveryId, this.target);
  }

  @OnWorkerEvent('error')
  onError(error: Error): void {
    log.warn('queue_trouble', { queue: QUEUE_OF[this.target], error });
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job<DeliverJob> | undefined, error: Error): void {
    // The database was away, so nothing could be written: the delivery is still owed, and the sweeper brings it back.
    log.error('delivery_job_failed', { deliveryId: job?.data.deliveryId, error });
  }
}

@Processor(QUEUE_OF.smtp, WORKER)
export class MailJobs extends DeliverJobs {
  protected override readonly target = 'smtp';

  constructor(deliver: Deliver, runtime: Runtime) {
    super(deliver, runtime);
  }
}

@Processor(QUEUE_OF.hubspot, WORKER)
export class HubSpotJobs extends DeliverJobs {
  protected override readonly target = 'hubspot';

  constructor(deliver: Deliver, runtime: Runtime) {
    super(deliver, runtime);
  }
}

@Processor(QUEUE_OF.webhook, WORKER)
export class WebhookJobs extends DeliverJobs {
  protected override readonly target = 'webhook';

  constructor(deliver: Deliver, runtime: Runtime) {
    super(deliver, runtime);
  }
}

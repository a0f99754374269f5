import { BullModule } from '@nestjs/bullmq';
import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { log } from '@tradeline/service-runtime';
import type { Queue } from 'bullmq';
import { DeliveryQueues, QUEUE_NAMES, QUEUE_PREFIX, QUEUE_TOKENS } from './delivery-queues.js';
import type { DeliverJob } from './delivery-queues.js';

const LONGEST_RECONNECT_MS = 2_000;

@Global()
@Module({})
export class QueuesModule {
  static for(redisUrl: string): DynamicModule {
    return {
      module: QueuesModule,
      imports: [
        BullModule.forRoot({
          prefix: QUEUE_PREFIX,
          connection: {
            url: redisUrl,
            connectTimeout: 5_000,
            retryStrategy: (times: number) => Math.min(100 * times, LONGEST_RECONNECT_MS),
          },
        }),
        BullModule.registerQueue(...QUEUE_NAMES.map((name) => ({ name }))),
      ],
      providers: [
        {
          provide: DeliveryQueues,
          inject: QUEUE_TOKENS,
          useFactory: (...queues: Queue<DeliverJob>[]) => {
            // Without a listener an unreachable Redis would end the process.
            for (const queue of queues)
              queue.on('error', (error) => log.warn('queue_trouble', { queue: queue.name, error }));
            return new DeliveryQueues(new Map(queues.map((queue) => [queue.name, queue])));
          },
        },
      ],
      exports: [DeliveryQueues, BullModule],
    };
  }
}

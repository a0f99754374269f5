import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { HubSpotJobs, MailJobs, WebhookJobs } from './deliver.job.js';
import { Deliver, DELIVER_OPTIONS } from './deliver.js';
import type { DeliverOptions } from './deliver.js';
import { FetchContent } from './fetch-content.js';
import { SettleDelivery } from './settle-delivery.js';

@Module({})
export class DeliverModule {
  static for(options: DeliverOptions): DynamicModule {
    return {
      module: DeliverModule,
      providers: [
        Deliver,
        FetchContent,
        SettleDelivery,
        MailJobs,
        HubSpotJobs,
        WebhookJobs,
        { provide: DELIVER_OPTIONS, useValue: options },
      ],
    };
  }
}

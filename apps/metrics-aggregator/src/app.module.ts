import { type DynamicModule, Module } from '@nestjs/common';
import { MessagingModule } from '@tradeline/messaging';
import { readMasterKey, TenantKeys } from '@tradeline/service-runtime';
import { DatabaseModule } from './database/database.module.js';
import type { MetricsEnv } from './env.js';
import { BrowseMetricsModule } from './features/browse-metrics/browse-metrics.module.js';
import { RecordFactsModule } from './features/record-facts/record-facts.module.js';

@Module({})
export class AppModule {
  static for(env: MetricsEnv): DynamicModule {
    const keys = new TenantKeys({ masterKey: readMasterKey(env), domain: 'metrics' });
    return {
      module: AppModule,
      imports: [
        MessagingModule.forRoot({
          service: 'metrics-aggregator',
          env,
          outbox: { relayUrl: env.RELAY_DATABASE_URL, keys },
        }),
        DatabaseModule.for({ url: env.DATABASE_URL, keys }),
        RecordFactsModule,
        BrowseMetricsModule,
      ],
    };
  }
}

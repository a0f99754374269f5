import { type DynamicModule, Module } from '@nestjs/common';
import { MessagingModule } from '@tradeline/messaging';
import { DatabaseModule } from './database/database.module.js';
import type { MetricsEnv } from './env.js';
import { BrowseMetricsModule } from './features/browse-metrics/browse-metrics.module.js';
import { RecordFactsModule } from './features/record-facts/record-facts.module.js';

@Module({})
export class AppModule {
  static for(env: MetricsEnv): DynamicModule {
    return {
      module: AppModule,
      imports: [
        MessagingModule.forRoot({ service: 'metrics-aggregator', env }),
        DatabaseModule.for(env.DATABASE_URL),
        RecordFactsModule,
        BrowseMetricsModule,
      ],
    };
  }
}

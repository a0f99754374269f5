import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { MetricsDatabase } from './prisma.js';

@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly database: MetricsDatabase) {}

  static for(url: string): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [{ provide: MetricsDatabase, useFactory: () => new MetricsDatabase(url) }],
      exports: [MetricsDatabase],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.disconnect();
  }
}

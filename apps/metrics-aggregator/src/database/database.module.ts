import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { TenantKeys } from '@tradeline/service-runtime';
import { MetricsDatabase } from './prisma.js';

@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly database: MetricsDatabase) {}

  static for({ url, keys }: { readonly url: string; readonly keys: TenantKeys }): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        { provide: MetricsDatabase, useFactory: () => new MetricsDatabase(url) },
        { provide: TenantKeys, useValue: keys },
      ],
      exports: [MetricsDatabase, TenantKeys],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.disconnect();
  }
}

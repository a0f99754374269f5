import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { TenantKeys } from '@tradeline/service-runtime';
import { CallLedger } from './call-ledger.js';
import { OwedWrites } from './owed-writes.js';
import { PresumedEnds } from './presumed-ends.js';
import { TelephonyDatabase } from './prisma.js';

@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly database: TelephonyDatabase) {}

  static for(url: string, keys: TenantKeys): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        { provide: TelephonyDatabase, useFactory: () => new TelephonyDatabase(url) },
        { provide: TenantKeys, useValue: keys },
        CallLedger,
        OwedWrites,
        PresumedEnds,
      ],
      exports: [CallLedger, OwedWrites, PresumedEnds],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.disconnect();
  }
}

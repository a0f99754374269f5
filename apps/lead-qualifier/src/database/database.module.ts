import { Global, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { Runtime, TenantKeys } from '@tradeline/service-runtime';
import { LeadRepository } from './lead.repository.js';
import { LeadsDatabase } from './prisma.js';
import { TranscriptRepository } from './transcript.repository.js';

/** Gives the features the tenant's door to the database, its keys and its repositories. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    private readonly database: LeadsDatabase,
    runtime: Runtime,
  ) {
    runtime.readiness.register('database', () => database.isReachable());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.disconnect();
  }

  static for({ url, keys }: { readonly url: string; readonly keys: TenantKeys }): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        { provide: LeadsDatabase, useFactory: () => LeadsDatabase.connect(url) },
        { provide: TenantKeys, useValue: keys },
        TranscriptRepository,
        LeadRepository,
      ],
      exports: [LeadsDatabase, TenantKeys, TranscriptRepository, LeadRepository],
    };
  }
}

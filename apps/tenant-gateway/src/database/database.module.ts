import {
  Global,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Runtime, TenantKeys } from '@tradeline/service-runtime';
import { AccountRepository } from './account.repository.js';
import { ApiKeyRepository } from './api-key.repository.js';
import { NumberIndex } from './number-index.js';
import { TenantsDatabase } from './prisma.js';
import { SettingsRepository } from './settings.repository.js';

export interface DatabaseOptions {
  readonly url: string;
  readonly masterKey: Uint8Array;
  readonly keys: TenantKeys;
}

@Global()
@Module({})
export class DatabaseModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly database: TenantsDatabase,
    private readonly runtime: Runtime,
  ) {}

  static for({ url, masterKey, keys }: DatabaseOptions): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        { provide: TenantsDatabase, useFactory: () => new TenantsDatabase(url) },
        { provide: TenantKeys, useValue: keys },
        { provide: NumberIndex, useValue: new NumberIndex(masterKey) },
        AccountRepository,
        ApiKeyRepository,
        SettingsRepository,
      ],
      exports: [AccountRepository, ApiKeyRepository, SettingsRepository],
    };
  }

  onModuleInit(): void {
    this.runtime.readiness.register('database', () => this.database.isReachable());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.disconnect();
  }
}

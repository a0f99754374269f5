import { Global, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { TenantKeys } from '@tradeline/service-runtime';
import { ConnectionRepository } from './connection.repository.js';
import { CrmLinkRepository } from './crm-link.repository.js';
import { DeliveryAttemptRepository } from './delivery-attempt.repository.js';
import { DeliveryRepository } from './delivery.repository.js';
import { DueDeliveriesRepository } from './due-deliveries.repository.js';
import { NotificationsDatabase } from './prisma.js';

export interface DatabaseOptions {
  readonly serviceUrl: string;
  readonly relayUrl: string;
  readonly keys: TenantKeys;
}

@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    private readonly database: NotificationsDatabase,
    private readonly due: DueDeliveriesRepository,
  ) {}

  static for({ serviceUrl, relayUrl, keys }: DatabaseOptions): DynamicModule {
    const repositories = [
      ConnectionRepository,
      CrmLinkRepository,
      DeliveryAttemptRepository,
      DeliveryRepository,
    ];
    return {
      module: DatabaseModule,
      providers: [
        { provide: NotificationsDatabase, useFactory: () => NotificationsDatabase.open(serviceUrl) },
        { provide: DueDeliveriesRepository, useFactory: () => new DueDeliveriesRepository(relayUrl) },
        { provide: TenantKeys, useValue: keys },
        ...repositories,
      ],
      exports: [NotificationsDatabase, DueDeliveriesRepository, TenantKeys, ...repositories],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.due.close();
    await this.database.disconnect();
  }
}

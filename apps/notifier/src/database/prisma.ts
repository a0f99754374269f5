import { PrismaPg } from '@prisma/adapter-pg';
import { poolConfig, TenantDatabase } from '@tradeline/service-runtime';
import { PrismaClient } from '../generated/prisma/client.js';
import type { Prisma } from '../generated/prisma/client.js';

/** A transaction in which one tenant's rows are visible. */
export type NotificationsTx = Prisma.TransactionClient;

/** The one door to the database "notifications". */
export class NotificationsDatabase extends TenantDatabase<NotificationsTx> {
  static open(url: string): NotificationsDatabase {
    return new NotificationsDatabase(
      new PrismaClient({ adapter: new PrismaPg(poolConfig(url, { max: 16 })) }),
    );
  }
}

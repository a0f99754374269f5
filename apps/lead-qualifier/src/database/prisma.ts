import { PrismaPg } from '@prisma/adapter-pg';
import { poolConfig, TenantDatabase } from '@tradeline/service-runtime';
import { PrismaClient } from '../generated/prisma/client.js';
import type { Prisma } from '../generated/prisma/client.js';

/** One transaction of one tenant. */
export type LeadsTransaction = Prisma.TransactionClient;

/** The database "leads". */
export class LeadsDatabase extends TenantDatabase<LeadsTransaction> {
  static connect(url: string): LeadsDatabase {
    // The minimal format keeps a query's arguments, which are personal, out of error messages.
    return new LeadsDatabase(
      new PrismaClient({ adapter: new PrismaPg(poolConfig(url)), errorFormat: 'minimal' }),
    );
  }
}

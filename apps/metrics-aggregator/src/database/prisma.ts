import { PrismaPg } from '@prisma/adapter-pg';
import { poolConfig, TenantDatabase } from '@tradeline/service-runtime';
import { PrismaClient, type Prisma } from '../generated/prisma/client.js';

/** A transaction that sees one tenant's rows. */
export type MetricsTx = Prisma.TransactionClient;

export type { VoiceStreamLog as StreamLogRow } from '../generated/prisma/client.js';

/** The database `metrics`, signed in as its service role; `inTenant` is the only way in. */
export class MetricsDatabase extends TenantDatabase<MetricsTx> {
  constructor(url: string) {
    super(new PrismaClient({ adapter: new PrismaPg(poolConfig(url)) }));
  }
}

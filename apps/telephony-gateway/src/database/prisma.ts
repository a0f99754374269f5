import { PrismaPg } from '@prisma/adapter-pg';
import { poolConfig, TenantDatabase } from '@tradeline/service-runtime';
import { PrismaClient, type Prisma } from '../generated/prisma/client.js';

/** A transaction that sees one tenant's rows. */
export type TelephonyTx = Prisma.TransactionClient;

export type { Call as CallRow } from '../generated/prisma/client.js';

/** The database `telephony`, signed in as its service role; `inTenant` is the only way in. */
export class TelephonyDatabase extends TenantDatabase<TelephonyTx> {
  constructor(url: string) {
    super(new PrismaClient({ adapter: new PrismaPg(poolConfig(url)) }));
  }
}

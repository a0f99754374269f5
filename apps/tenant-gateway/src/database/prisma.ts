import { PrismaPg } from '@prisma/adapter-pg';
import { poolConfig, TenantDatabase } from '@tradeline/service-runtime';
import { Prisma, PrismaClient } from '../generated/prisma/client.js';

/** One transaction of one tenant. */
export type TenantsTransaction = Prisma.TransactionClient;

/** A key as it is stored: whose it is, what it opens, and what its secret must hash to. */
export interface StoredKey {
  readonly tenantId: string;
  readonly secretHash: Uint8Array;
  readonly scopes: readonly string[];
}

interface KeyRow {
  readonly tenant_id: string;
  readonly secret_hash: Uint8Array;
  readonly scopes: string[];
}

/** The database "tenants". */
export class TenantsDatabase extends TenantDatabase<TenantsTransaction> {
  readonly #client: PrismaClient;

  constructor(url: string) {
    // The minimal format keeps a query's arguments, which are personal, out of error messages.
    const client = new PrismaClient({ adapter: new PrismaPg(poolConfig(url)), errorFormat: 'minimal' });
    super(client);
    this.#client = client;
  }

  /** The one question that is asked before the tenant is known. Undefined when there is no such key, or it is revoked. */
  async findApiKey(keyId: string): Promise<StoredKey | undefined> {
    const [row] = await this.#client.$queryRawUnsafe<KeyRow[]>(
      'SELECT tenant_id, secret_hash, scopes FROM find_api_key($1)',
      keyId,
    );
    return row && { tenantId: row.tenant_id, secretHash: row.secret_hash, scopes: row.scopes };
  }
}

/** True when a row with this unique value exists, be it another tenant's. */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';

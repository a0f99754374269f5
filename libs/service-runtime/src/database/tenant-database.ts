/** What a use case may do inside a transaction beside its own repositories: raw SQL, for the outbox and the keys. */
export interface Tx {
  $executeRawUnsafe(sql: string, ...values: unknown[]): Promise<number>;
  $queryRawUnsafe<T = unknown>(sql: string, ...values: unknown[]): Promise<T>;
}

/** What a generated Prisma client offers; the raw client never leaves `database/`. */
export interface TransactionClient<T extends Tx> {
  $transaction<R>(fn: (tx: T) => Promise<R>, options?: { maxWait?: number; timeout?: number }): Promise<R>;
  $disconnect(): Promise<void>;
}

export interface TenantDatabaseOptions {
  /** Longest wait for a connection of the pool, in milliseconds. */
  readonly maxWaitMs?: number;
  /** Longest transaction, in milliseconds. Nothing in one waits for the network, so seconds mean a fault. */
  readonly timeoutMs?: number;
}

const TENANT_ID = /^tn_[A-Za-z0-9_-]{1,60}$/;

/** @throws when it is not a tenant id: an empty one would see no rows, and a strange one is somebody's mistake or attack. */
export const assertTenantId = (tenantId: string): void => {
  if (typeof tenantId !== 'string' || !TENANT_ID.test(tenantId)) {
    throw new Error(`not a tenant id: ${JSON.stringify(tenantId)}`);
  }
};

/**
 * The one door to a domain's database: every transaction first says whose it is, and row level security
 * shows it that tenant's rows and no others.
 */
export class TenantDatabase<T extends Tx> {
  private readonly limits: { maxWait: number; timeout: number };

  constructor(
    private readonly client: TransactionClient<T>,
    { maxWaitMs = 2_000, timeoutMs = 5_000 }: TenantDatabaseOptions = {},
  ) {
    this.limits = { maxWait: maxWaitMs, timeout: timeoutMs };
  }

  /**
   * Runs `fn` in one transaction as `tenantId`; a throw rolls it back. No network call belongs inside.
   * @throws when `tenantId` is not a tenant id, before anything is sent.
   */
  async inTenant<R>(tenantId: string, fn: (tx: T) => Promise<R>): Promise<R> {
    assertTenantId(tenantId);
    return this.client.$transaction(async (tx) => {
      // `true` makes it local to this transaction, so a pooled connection never carries it to the next tenant.
      await tx.$executeRawUnsafe(`SELECT set_config('app.tenant_id', $1, true)`, tenantId);
      return fn(tx);
    }, this.limits);
  }

  /** For a readiness check: true when the database answers, otherwise why not. */
  async isReachable(): Promise<boolean | string> {
    try {
      // It names no tenant, so it could see no tenant's rows.
      await this.client.$transaction((tx) => tx.$queryRawUnsafe('SELECT 1'), { maxWait: 500, timeout: 500 });
      return true;
    } catch {
      return 'the database does not answer';
    }
  }

  async disconnect(): Promise<void> {
    await this.client.$disconnect();
  }
}

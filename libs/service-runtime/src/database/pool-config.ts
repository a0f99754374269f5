export interface PoolConfig {
  readonly connectionString: string;
  readonly max: number;
  readonly connectionTimeoutMillis: number;
  readonly idleTimeoutMillis: number;
  readonly statement_timeout: number;
  readonly query_timeout: number;
  readonly idle_in_transaction_session_timeout: number;
  readonly keepAlive: boolean;
}

/**
 * Explicit limits of a pool of Postgres connections, for `new PrismaPg(poolConfig(url))` or `new pg.Pool(...)`.
 * A statement that takes seconds is a fault; without limits it would hold a connection, and then all of them.
 */
export const poolConfig = (url: string, { max = 10 }: { readonly max?: number } = {}): PoolConfig => ({
  connectionString: url,
  max,
  connectionTimeoutMillis: 3_000,
  idleTimeoutMillis: 30_000,
  statement_timeout: 5_000,
  // A little more than the server's limit: it ends the wait when the server is gone and cannot answer.
  query_timeout: 8_000,
  idle_in_transaction_session_timeout: 10_000,
  keepAlive: true,
});

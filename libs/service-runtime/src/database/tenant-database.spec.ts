import { describe, expect, it } from '@jest/globals';
import { TenantDatabase } from './tenant-database.js';
import type { Tx } from './tenant-database.js';

const recording = () => {
  const statements: unknown[][] = [];
  let limits: unknown;
  const tx: Tx = {
    $executeRawUnsafe: async (...statement) => statements.push(statement),
    $queryRawUnsafe: async <T>(...statement: unknown[]) => [statements.push(statement)] as T,
  };
  const client = {
    $transaction: async <R>(fn: (tx: Tx) => Promise<R>, options?: object): Promise<R> => {
      limits = options;
      return fn(tx);
    },
    $disconnect: async () => {},
  };
  return { client, statements, limits: () => limits };
};

describe('TenantDatabase', () => {
  it('says whose transaction it is before anything else, for this transaction only, within limits', async () => {
    const { client, statements, limits } = recording();
    const result = await new TenantDatabase(client).inTenant('tn_a', async (tx) => {
      await tx.$executeRawUnsafe('SELECT 1');
      return 'done';
    });
    expect(result).toBe('done');
    expect(statements).toEqual([[`SELECT set_config('app.tenant_id', $1, true)`, 'tn_a'], ['SELECT 1']]);
    expect(limits()).toEqual({ maxWait: 2_000, timeout: 5_000 });
  });

  it.each([
    [''],
    [' '],
    ['tn_'],
    ['a'],
    ['tn_a.b'],
    ["tn_a' OR true"],
    ['tn_*'],
    [undefined as unknown as string],
  ])('refuses %j as a tenant before it opens a transaction', async (tenantId) => {
    const { client, limits } = recording();
    await expect(new TenantDatabase(client).inTenant(tenantId, async () => 1)).rejects.toThrow(
      /not a tenant id/,
    );
    expect(limits()).toBeUndefined();
  });
});

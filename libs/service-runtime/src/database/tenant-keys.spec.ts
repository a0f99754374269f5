import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { FieldCipher } from './field-cipher.js';
import { TenantKeys } from './tenant-keys.js';
import type { Tx } from './tenant-database.js';

/** The table `data_keys` with one row per tenant; rows are older than every transaction unless `unsettled`. */
class KeyTable implements Tx {
  readonly rows = new Map<string, Uint8Array>();
  reads = 0;
  unsettled = false;

  async $executeRawUnsafe(_sql: string, ...[tenantId, , wrapped]: unknown[]): Promise<number> {
    if (this.rows.has(tenantId as string)) return 0;
    this.rows.set(tenantId as string, wrapped as Uint8Array);
    return 1;
  }

  async $queryRawUnsafe<T>(_sql: string, ...[tenantId]: unknown[]): Promise<T> {
    this.reads += 1;
    const wrapped_key = this.rows.get(tenantId as string);
    return (wrapped_key ? [{ wrapped_key, settled: !this.unsettled }] : []) as T;
  }
}

const masterKey = randomBytes(32);
const AAD = 'leads.caller_name';

describe('FieldCipher', () => {
  const dataKey = randomBytes(32);
  const cipher = new FieldCipher(dataKey, 'leads|tn_a');

  it('opens what it sealed, in any script', () => {
    expect(cipher.open(cipher.seal('Zoë 猫 🐈', AAD), AAD)).toBe('Zoë 猫 🐈');
    expect(cipher.open(cipher.seal('', AAD), AAD)).toBe('');
  });

  it('never seals the same text to the same bytes', () => {
    expect(Buffer.from(cipher.seal('a', AAD)).equals(cipher.seal('a', AAD))).toBe(false);
  });

  it('does not open a value moved to another column, another tenant, or changed by one bit', () => {
    const sealed = cipher.seal('Marie', AAD);
    expect(() => cipher.open(sealed, 'leads.email')).toThrow();
    expect(() => new FieldCipher(dataKey, 'leads|tn_b').open(sealed, AAD)).toThrow();
    for (const at of [0, 1, 13, sealed.length - 1]) {
      const changed = Uint8Array.from(sealed, (byte, index) => (index === at ? byte ^ 1 : byte));
      expect(() => cipher.open(changed, AAD)).toThrow();
    }
    expect(() => cipher.open(sealed.subarray(0, 20), AAD)).toThrow();
  });

  it('hashes equal values equally within a tenant, and differently between tenants', () => {
    const other = new FieldCipher(randomBytes(32), 'leads|tn_b');
    expect(cipher.hash('+16135550142')).toBe(cipher.hash('+16135550142'));
    expect(cipher.hash('+16135550142')).not.toBe(other.hash('+16135550142'));
  });
});

describe('TenantKeys', () => {
  it('keeps one key per tenant, which another process with the same master key can use', async () => {
    const table = new KeyTable();
    const sealed = (await new TenantKeys({ masterKey, domain: 'leads' }).cipherFor(table, 'tn_a')).seal(
      'Marie',
      AAD,
    );
    const elsewhere = new TenantKeys({ masterKey, domain: 'leads' });
    expect((await elsewhere.cipherFor(table, 'tn_a')).open(sealed, AAD)).toBe('Marie');
    const neighbour = await elsewhere.cipherFor(table, 'tn_b');
    expect(() => neighbour.open(sealed, AAD)).toThrow();
    expect(table.rows.size).toBe(2);
  });

  it('does not open a wrapped key of another tenant, domain or master key', async () => {
    const table = new KeyTable();
    await new TenantKeys({ masterKey, domain: 'leads' }).cipherFor(table, 'tn_a');
    table.rows.set('tn_b', table.rows.get('tn_a') ?? new Uint8Array());
    await expect(new TenantKeys({ masterKey, domain: 'leads' }).cipherFor(table, 'tn_b')).rejects.toThrow();
    await expect(new TenantKeys({ masterKey, domain: 'metrics' }).cipherFor(table, 'tn_a')).rejects.toThrow();
    await expect(
      new TenantKeys({ masterKey: randomBytes(32), domain: 'leads' }).cipherFor(table, 'tn_a'),
    ).rejects.toThrow();
  });

  it('remembers a key for a bounded time and a bounded number of tenants', async () => {
    const table = new KeyTable();
    let nowMs = 0;
    const keys = new TenantKeys({
      masterKey,
      domain: 'leads',
      cacheSize: 2,
      cacheTtlMs: 100,
      nowMs: () => nowMs,
    });
    for (const tenantId of ['tn_a', 'tn_a', 'tn_a']) await keys.cipherFor(table, tenantId);
    expect(table.reads).toBe(2);
    nowMs = 101;
    await keys.cipherFor(table, 'tn_a');
    expect(table.reads).toBe(3);
    for (const tenantId of ['tn_b', 'tn_c', 'tn_a']) await keys.cipherFor(table, tenantId);
    expect(table.reads).toBe(8);
    keys.forget('tn_a');
    await keys.cipherFor(table, 'tn_a');
    expect(table.reads).toBe(9);
  });

  it('does not remember a key whose transaction may yet be rolled back', async () => {
    const table = new KeyTable();
    table.unsettled = true;
    const keys = new TenantKeys({ masterKey, domain: 'leads' });
    const lost = await keys.cipherFor(table, 'tn_a');
    table.rows.clear();
    const sealed = (await keys.cipherFor(table, 'tn_a')).seal('Marie', AAD);
    expect(() => lost.open(sealed, AAD)).toThrow();
    expect(
      (await new TenantKeys({ masterKey, domain: 'leads' }).cipherFor(table, 'tn_a')).open(sealed, AAD),
    ).toBe('Marie');
  });

  it('seals outbox payloads for its own relay only', () => {
    const payload = new TextEncoder().encode('event');
    const leads = new TenantKeys({ masterKey, domain: 'leads' });
    const sealed = leads.sealForOutbox(payload);
    expect(new TextDecoder().decode(leads.openFromOutbox(sealed))).toBe('event');
    expect(() => new TenantKeys({ masterKey, domain: 'metrics' }).openFromOutbox(sealed)).toThrow();
  });

  it('refuses what is no tenant id and what is no master key', async () => {
    const keys = new TenantKeys({ masterKey, domain: 'leads' });
    await expect(keys.cipherFor(new KeyTable(), '')).rejects.toThrow(/not a tenant id/);
    expect(() => new TenantKeys({ masterKey: randomBytes(16), domain: 'leads' })).toThrow(/32 bytes/);
  });
});

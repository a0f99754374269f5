import { randomBytes } from 'node:crypto';
import { FieldCipher } from './field-cipher.js';
import { deriveKey, open, seal } from './sealing.js';
import { assertTenantId } from './tenant-database.js';
import type { Tx } from './tenant-database.js';

export interface TenantKeysOptions {
  /** 32 bytes, from `readMasterKey`. */
  readonly masterKey: Uint8Array;
  /** The domain's name, e.g. "leads": its keys open nothing of another domain. */
  readonly domain: string;
  readonly cacheSize?: number;
  /** How long a key that was forgotten in the database may still be used by this process. */
  readonly cacheTtlMs?: number;
  readonly nowMs?: () => number;
}

interface KeyRow {
  readonly wrapped_key: Uint8Array;
  readonly settled: boolean;
}

const PURPOSE = 'tenant';
/**
 * A key made by a transaction that is not over may yet be rolled back, and what was sealed with it would be lost:
 * only "settled" keys, whose row is older than this transaction, are remembered.
 */
const SELECT_KEY =
  'SELECT wrapped_key, created_at < now() AS settled FROM data_keys WHERE tenant_id = $1 AND purpose = $2';
const INSERT_KEY =
  'INSERT INTO data_keys (tenant_id, purpose, wrapped_key) VALUES ($1, $2, $3) ON CONFLICT (tenant_id, purpose) DO NOTHING';

/**
 * A domain's keys: the master key wraps one random data key per tenant, which lies in the domain's table `data_keys`.
 * Deleting that row makes everything that was sealed for the tenant unreadable.
 */
export class TenantKeys {
  private readonly wrappingKey: Buffer;
  private readonly outboxKey: Buffer;
  private readonly cache = new Map<string, { cipher: FieldCipher; untilMs: number }>();
  private readonly cacheSize: number;
  private readonly cacheTtlMs: number;
  private readonly nowMs: () => number;

  constructor(private readonly options: TenantKeysOptions) {
    if (options.masterKey.length !== 32) throw new Error('the master key must have 32 bytes');
    this.wrappingKey = deriveKey(options.masterKey, `${options.domain}/wrap-tenant-keys`);
    this.outboxKey = deriveKey(options.masterKey, `${options.domain}/outbox`);
    this.cacheSize = options.cacheSize ?? 2_000;
    this.cacheTtlMs = options.cacheTtlMs ?? 60_000;
    this.nowMs = options.nowMs ?? Date.now;
  }

  /** The tenant's cipher; its key is made on first use, once, however many ask at the same time. */
  async cipherFor(tx: Tx, tenantId: string): Promise<FieldCipher> {
    assertTenantId(tenantId);
    const cached = this.cache.get(tenantId);
    if (cached && cached.untilMs > this.nowMs()) return cached.cipher;
    const row = (await this.load(tx, tenantId)) ?? (await this.create(tx, tenantId));
    const dataKey = open(this.wrappingKey, row.wrapped_key, this.scope(tenantId));
    const cipher = new FieldCipher(dataKey, this.scope(tenantId));
    if (row.settled) this.remember(tenantId, cipher);
    return cipher;
  }

  /** Drops a key from memory, after its row was deleted. */
  forget(tenantId: string): void {
    this.cache.delete(tenantId);
  }

  /** Encrypts an event's payload while it waits in the outbox, with a key that the relay can derive without any tenant's. */
  sealForOutbox(payload: Uint8Array): Uint8Array<ArrayBuffer> {
    return seal(this.outboxKey, payload, `${this.options.domain}|outbox`);
  }

  /** @throws when it was sealed by another domain, or was changed. */
  openFromOutbox(sealed: Uint8Array): Uint8Array<ArrayBuffer> {
    return new Uint8Array(open(this.outboxKey, sealed, `${this.options.domain}|outbox`));
  }

  private scope(tenantId: string): string {
    return `${this.options.domain}|${tenantId}`;
  }

  private async load(tx: Tx, tenantId: string): Promise<KeyRow | undefined> {
    const rows = await tx.$queryRawUnsafe<KeyRow[]>(SELECT_KEY, tenantId, PURPOSE);
    return rows[0];
  }

  private async create(tx: Tx, tenantId: string): Promise<KeyRow> {
    const wrapped = seal(this.wrappingKey, randomBytes(32), this.scope(tenantId));
    await tx.$executeRawUnsafe(INSERT_KEY, tenantId, PURPOSE, wrapped);
    // When another transaction came first, the insert waited for it and did nothing: its key is the one.
    const row = await this.load(tx, tenantId);
    if (!row) throw new Error(`the data key of ${tenantId} is neither there nor can it be made`);
    return row;
  }

  private remember(tenantId: string, cipher: FieldCipher): void {
    this.cache.delete(tenantId);
    this.cache.set(tenantId, { cipher, untilMs: this.nowMs() + this.cacheTtlMs });
    const oldest = this.cache.keys().next().value;
    if (this.cache.size > this.cacheSize && oldest !== undefined) this.cache.delete(oldest);
  }
}

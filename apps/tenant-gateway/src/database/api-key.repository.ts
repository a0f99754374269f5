import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { newId } from '@tradeline/service-runtime';
import { writeApiKey, type ApiKeyText } from '../domain/api-key.js';
import type { Caller } from '../domain/caller.js';
import { isScope, type Scope } from '../domain/scopes.js';
import { TenantsDatabase, type TenantsTransaction } from './prisma.js';
import { hashSecret, isSecretOf } from './secret-hash.js';

export interface ApiKeyInfo {
  readonly keyId: string;
  readonly label: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** 62^43 is just over 2^256. */
const SECRET_LENGTH = 43;

/** Draws without bias: bytes beyond the largest multiple of the alphabet are thrown away. */
const randomSecret = (): string => {
  let secret = '';
  while (secret.length < SECRET_LENGTH) {
    for (const byte of randomBytes(64)) {
      if (byte < 248 && secret.length < SECRET_LENGTH) secret += ALPHABET[byte % ALPHABET.length];
    }
  }
  return secret;
};

/** Makes a key in the caller's transaction. @returns the key in full, which cannot be had again. */
export const insertApiKey = async (
  tx: TenantsTransaction,
  tenantId: string,
  label: string,
  scopes: readonly Scope[],
): Promise<{ keyId: string; apiKey: string }> => {
  const key: ApiKeyText = { keyId: randomBytes(8).toString('hex'), secret: randomSecret() };
  await tx.apiKey.create({
    data: { keyId: key.keyId, tenantId, label, secretHash: hashSecret(key.secret), scopes: [...scopes] },
  });
  return { keyId: key.keyId, apiKey: writeApiKey(key) };
};

@Injectable()
export class ApiKeyRepository {
  constructor(private readonly database: TenantsDatabase) {}

  /** Who holds this key; undefined when nobody does, or its secret is another. */
  async verify({ keyId, secret }: ApiKeyText): Promise<Caller | undefined> {
    const stored = await this.database.findApiKey(keyId);
    if (!stored || !isSecretOf(stored.secretHash, secret)) return undefined;
    return { tenantId: stored.tenantId, keyId, scopes: stored.scopes.filter(isScope) };
  }

  async markUsed({ tenantId, keyId }: Caller): Promise<void> {
    await this.database.inTenant(tenantId, async (tx) => {
      await tx.apiKey.updateMany({ where: { keyId }, data: { lastUsedAt: new Date() } });
    });
  }

  async list(tenantId: string): Promise<ApiKeyInfo[]> {
    const rows = await this.database.inTenant(tenantId, (tx) =>
      tx.apiKey.findMany({ where: { revokedAt: null }, orderBy: { createdAt: 'asc' } }),
    );
    return rows.map(({ keyId, label, scopes, createdAt, lastUsedAt }) => ({
      keyId,
      label,
      scopes: scopes.filter(isScope),
      createdAt,
      lastUsedAt,
    }));
  }

  async create(
    caller: Caller,
    label: string,
    scopes: readonly Scope[],
  ): Promise<{ keyId: string; apiKey: string }> {
    return this.database.inTenant(caller.tenantId, async (tx) => {
      const created = await insertApiKey(tx, caller.tenantId, label, scopes);
      await audit(tx, caller.tenantId, `key:${caller.keyId}`, 'key.created');
      return created;
    });
  }

  /** @returns false when the tenant has no such key. */
  async revoke(caller: Caller, keyId: string): Promise<boolean> {
    return this.database.inTenant(caller.tenantId, async (tx) => {
      const { count } = await tx.apiKey.updateMany({
        where: { keyId, revokedAt: null },
        data: { revokedAt: new Date() },
      });
      if (count > 0) await audit(tx, caller.tenantId, `key:${caller.keyId}`, 'key.revoked');
      return count > 0;
    });
  }
}

/** Says who did what, in the transaction that does it. */
export const audit = async (
  tx: TenantsTransaction,
  tenantId: string,
  actor: string,
  action: string,
): Promise<void> => {
  await tx.auditEntry.create({ data: { entryId: newId('au'), tenantId, actor, action } });
};

import { Injectable } from '@nestjs/common';
import { newId, TenantKeys } from '@tradeline/service-runtime';
import { SCOPES } from '../domain/scopes.js';
import { FIRST_ALERTS, firstProfile } from '../domain/settings.js';
import { audit, insertApiKey } from './api-key.repository.js';
import { isUniqueViolation, TenantsDatabase } from './prisma.js';
import { SettingsRepository } from './settings.repository.js';

/** There is a tenant of this id. */
export class TenantExists extends Error {
  override readonly name = 'TenantExists';
}

@Injectable()
export class AccountRepository {
  constructor(
    private readonly database: TenantsDatabase,
    private readonly keys: TenantKeys,
    private readonly settings: SettingsRepository,
  ) {}

  /**
   * A new tenant with its first key, which may do everything, and settings to begin with; they are told at once, so
   * its calls can be answered as soon as it has a number.
   * @throws TenantExists
   */
  async create(name: string, tenantId: string = newId('tn')): Promise<{ tenantId: string; apiKey: string }> {
    try {
      return await this.database.inTenant(tenantId, async (tx) => {
        const cipher = await this.keys.cipherFor(tx, tenantId);
        await tx.tenant.create({ data: { tenantId, name: cipher.seal(name, 'tenants.name') } });
        const { apiKey } = await insertApiKey(tx, tenantId, 'first key', SCOPES);
        const profile = firstProfile(name);
        await this.settings.writeAssistant(tx, cipher, tenantId, profile);
        await this.settings.writeAlerts(tx, cipher, tenantId, FIRST_ALERTS, profile);
        await audit(tx, tenantId, 'operator', 'tenant.created');
        return { tenantId, apiKey };
      });
    } catch (error) {
      if (isUniqueViolation(error)) throw new TenantExists(tenantId);
      throw error;
    }
  }
}

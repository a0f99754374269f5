import { Inject, Injectable } from '@nestjs/common';
import { RpcRefused } from '@tradeline/messaging';
import { ConnectionRepository } from '../../database/connection.repository.js';
import type { StoredConnection } from '../../database/connection.repository.js';
import { CrmLinkRepository } from '../../database/crm-link.repository.js';
import { NotificationsDatabase } from '../../database/prisma.js';
import { isCrmTarget } from '../../domain/delivery.js';
import type { CrmTarget } from '../../domain/delivery.js';
import { AddressRefused, checkWebhookUrl } from '../../integrations/webhook/address-guard.js';
import type { GuardOptions } from '../../integrations/webhook/address-guard.js';
import { connectionChanged } from '../../telemetry.js';

export const GUARD_OPTIONS = Symbol('webhook address guard');

export interface ConnectionWish {
  readonly tenantId: string;
  readonly target: string;
  readonly secret: string;
  readonly url: string;
  readonly enabled: boolean;
}

const invalid = (words: string): RpcRefused => new RpcRefused('invalid', words);

/** Standard Webhooks 1.0.0: 24 to 64 bytes, shown as "whsec_" and base64. */
const checkSigningSecret = (secret: string): void => {
  const bytes = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
  const length = bytes ? Buffer.from(bytes, 'base64').length : 0;
  if (length < 24 || length > 64) throw invalid('secret: must be "whsec_" and 24 to 64 bytes in base64');
};

const checkToken = (secret: string): void => {
  if (!/^[\x21-\x7e]{8,500}$/.test(secret))
    throw invalid('secret: must be the access token of a HubSpot private app');
};

/** Keeps a tenant's ways into its CRM and webhook. */
@Injectable()
export class KeepConnections {
  constructor(
    private readonly database: NotificationsDatabase,
    private readonly connections: ConnectionRepository,
    private readonly links: CrmLinkRepository,
    @Inject(GUARD_OPTIONS) private readonly guard: GuardOptions,
  ) {}

  /**
   * An empty secret or address keeps the stored one, so that a connection can be switched without typing it again.
   * @throws RpcRefused "invalid" with what is wrong.
   */
  async put({ tenantId, target, secret, url, enabled }: ConnectionWish): Promise<void> {
    if (!isCrmTarget(target)) throw invalid('target: must be "hubspot" or "webhook"');
    await this.database.inTenant(tenantId, async (tx) => {
      const before = await this.connections.find(tx, tenantId, target);
      const wanted = {
        target,
        enabled,
        secret: secret || (before?.secret ?? ''),
        url: url || (before?.url ?? ''),
      };
      this.check(wanted);
      await this.connections.put(tx, tenantId, wanted);
      // Another token may be another account, whose records are others.
      if (before && before.secret !== wanted.secret) await this.links.forgetAll(tx, tenantId, target);
    });
    connectionChanged(target, enabled);
  }

  async list(tenantId: string): Promise<readonly StoredConnection[]> {
    return this.database.inTenant(tenantId, (tx) => this.connections.list(tx, tenantId));
  }

  private check({ target, secret, url }: { target: CrmTarget; secret: string; url: string }): void {
    if (target === 'hubspot') return checkToken(secret);
    checkSigningSecret(secret);
    try {
      checkWebhookUrl(url, this.guard);
    } catch (error) {
      throw error instanceof AddressRefused ? invalid(`url: ${error.message}`) : error;
    }
  }
}

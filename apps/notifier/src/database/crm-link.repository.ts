import { Injectable } from '@nestjs/common';
import { TenantKeys } from '@tradeline/service-runtime';
import type { CrmTarget } from '../domain/delivery.js';
import type { ContactLinks } from '../domain/courier.js';
import { NotificationsDatabase } from './prisma.js';
import type { NotificationsTx } from './prisma.js';

/** Which remote record a person has. The person is kept as a keyed hash: the table names nobody. */
@Injectable()
export class CrmLinkRepository {
  constructor(
    private readonly database: NotificationsDatabase,
    private readonly keys: TenantKeys,
  ) {}

  /** Each call is a short transaction of its own, since between them lies the network. */
  linksOf(tenantId: string, target: CrmTarget): ContactLinks {
    const within = <R>(
      identity: string,
      act: (tx: NotificationsTx, contactHash: string) => Promise<R>,
    ): Promise<R> =>
      this.database.inTenant(tenantId, async (tx) => {
        const cipher = await this.keys.cipherFor(tx, tenantId);
        return act(tx, cipher.hash(`${target}:${identity}`));
      });
    return {
      find: (identity) =>
        within(identity, async (tx, contactHash) => {
          const row = await tx.crmLink.findUnique({
            where: { tenantId_target_contactHash: { tenantId, target, contactHash } },
          });
          return row?.remoteId;
        }),
      keep: (identity, remoteId) =>
        within(identity, async (tx, contactHash) => {
          await tx.crmLink.upsert({
            where: { tenantId_target_contactHash: { tenantId, target, contactHash } },
            create: { tenantId, target, contactHash, remoteId },
            update: { remoteId, updatedAt: new Date() },
          });
        }),
      drop: (identity) =>
        within(identity, async (tx, contactHash) => {
          await tx.crmLink.deleteMany({ where: { tenantId, target, contactHash } });
        }),
      pseudonym: (identity) => within(identity, (_tx, contactHash) => Promise.resolve(contactHash)),
    };
  }

  /** Another account at the remote has other records. */
  async forgetAll(tx: NotificationsTx, tenantId: string, target: CrmTarget): Promise<void> {
    await tx.crmLink.deleteMany({ where: { tenantId, target } });
  }
}

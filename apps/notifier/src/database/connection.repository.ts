import { Injectable } from '@nestjs/common';
import { TenantKeys } from '@tradeline/service-runtime';
import type { CrmTarget } from '../domain/delivery.js';
import { isCrmTarget } from '../domain/delivery.js';
import type { NotificationsTx } from './prisma.js';

export interface StoredConnection {
  readonly target: CrmTarget;
  readonly enabled: boolean;
  readonly secret: string;
  readonly url: string;
  readonly disabledReason: string;
  readonly parkedUntil: Date | undefined;
}

const SECRET = 'connections.secret';
const URL_COLUMN = 'connections.url';

/** A webhook's address is sealed like its secret: such addresses often carry a token of their own. */
@Injectable()
export class ConnectionRepository {
  constructor(private readonly keys: TenantKeys) {}

  async put(
    tx: NotificationsTx,
    tenantId: string,
    connection: { target: CrmTarget; enabled: boolean; secret: string; url: string },
  ): Promise<void> {
    const cipher = await this.keys.cipherFor(tx, tenantId);
    const data = {
      enabled: connection.enabled,
      secretSealed: cipher.seal(connection.secret, SECRET),
      urlSealed: connection.url === '' ? null : cipher.seal(connection.url, URL_COLUMN),
      disabledReason: '',
      parkedUntil: null,
      updatedAt: new Date(),
    };
    const { target } = connection;
    await tx.connection.upsert({
      where: { tenantId_target: { tenantId, target } },
      create: { tenantId, target, ...data },
      update: data,
    });
  }

  async find(
    tx: NotificationsTx,
    tenantId: string,
    target: CrmTarget,
  ): Promise<StoredConnection | undefined> {
    return (await this.list(tx, tenantId)).find((connection) => connection.target === target);
  }

  async list(tx: NotificationsTx, tenantId: string): Promise<readonly StoredConnection[]> {
    const rows = await tx.connection.findMany({ where: { tenantId }, orderBy: { target: 'asc' } });
    if (rows.length === 0) return [];
    const cipher = await this.keys.cipherFor(tx, tenantId);
    return rows.flatMap((row) =>
      isCrmTarget(row.target)
        ? [
            {
              target: row.target,
              enabled: row.enabled,
              secret: cipher.open(row.secretSealed, SECRET),
              url: row.urlSealed ? cipher.open(row.urlSealed, URL_COLUMN) : '',
              disabledReason: row.disabledReason,
              parkedUntil: row.parkedUntil ?? undefined,
            },
          ]
        : [],
    );
  }

  async enabledTargets(tx: NotificationsTx, tenantId: string): Promise<readonly CrmTarget[]> {
    const rows = await tx.connection.findMany({
      where: { tenantId, enabled: true },
      select: { target: true },
    });
    return rows.map(({ target }) => target).filter(isCrmTarget);
  }

  async disable(tx: NotificationsTx, tenantId: string, target: CrmTarget, reason: string): Promise<void> {
    await tx.connection.updateMany({
      where: { tenantId, target },
      data: { enabled: false, disabledReason: reason, updatedAt: new Date() },
    });
  }

  async park(tx: NotificationsTx, tenantId: string, target: CrmTarget, until: Date): Promise<void> {
    await tx.connection.updateMany({ where: { tenantId, target }, data: { parkedUntil: until } });
  }
}

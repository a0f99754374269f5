import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { attributeKeys, inSpan, Runtime, SpanKind, withLogContext } from '@tradeline/service-runtime';
import { ConnectionRepository } from '../../database/connection.repository.js';
import type { StoredConnection } from '../../database/connection.repository.js';
import { CrmLinkRepository } from '../../database/crm-link.repository.js';
import { DeliveryRepository } from '../../database/delivery.repository.js';
import type { Claim } from '../../database/delivery.repository.js';
import { NotificationsDatabase } from '../../database/prisma.js';
import { AlertSettingsBook } from '../../domain/alert-settings.js';
import type { ContactLinks, Courier, OpenConnection, Receipt } from '../../domain/courier.js';
import { isCrmTarget } from '../../domain/delivery.js';
import type { Delivery, Target } from '../../domain/delivery.js';
import { RemoteTrouble } from '../../domain/remote-trouble.js';
import { withoutContent } from '../../domain/redact-content.js';
import { decideRetry } from '../../domain/retry-verdict.js';
import { DeliveryQueues } from '../../integrations/queues/delivery-queues.js';
import {
  connectionDisabled,
  deliveryDelivered,
  deliveryFailed,
  deliveryPostponed,
  leaseLost,
  unexpectedTrouble,
} from '../../telemetry.js';
import { FetchContent } from './fetch-content.js';
import { Lease } from './lease.js';
import { SettleDelivery } from './settle-delivery.js';

export const DELIVER_OPTIONS = Symbol('deliver options');

export interface DeliverOptions {
  readonly leaseMs: number;
  readonly couriers: readonly Courier[];
}

/** Longer than every remote's own time-outs together: what is still not done then hangs. */
const ATTEMPT_TIMEOUT_MS = 45_000;

const NAMES: Readonly<Record<Target, string>> = { smtp: 'mail', hubspot: 'HubSpot', webhook: 'the webhook' };

interface Taken {
  readonly delivery: Delivery;
  readonly connection: StoredConnection | undefined;
}

const noLinks: ContactLinks = {
  find: () => Promise.resolve(undefined),
  keep: () => Promise.resolve(),
  drop: () => Promise.resolve(),
  pseudonym: () => Promise.reject(new Error('mail has no contact records')),
};

/** The connection that a delivery goes through; what is missing needs the tenant. */
const openConnection = ({ delivery, connection }: Taken): OpenConnection | undefined => {
  if (!isCrmTarget(delivery.target)) return undefined;
  const name = NAMES[delivery.target];
  if (connection?.enabled) return { target: delivery.target, secret: connection.secret, url: connection.url };
  const words = connection
    ? `${connection.disabledReason || `The connection to ${name} is switched off.`} Switch it on and replay this.`
    : `There is no connection to ${name} any more. Connect it and replay this.`;
  throw new RemoteTrouble({ kind: 'permanent', words });
};

/** Makes one attempt at one owed delivery. */
@Injectable()
export class Deliver {
  private readonly couriers: ReadonlyMap<Target, Courier>;

  constructor(
    private readonly database: NotificationsDatabase,
    private readonly deliveries: DeliveryRepository,
    private readonly connections: ConnectionRepository,
    private readonly links: CrmLinkRepository,
    private readonly settings: AlertSettingsBook,
    private readonly content: FetchContent,
    private readonly settle: SettleDelivery,
    private readonly queues: DeliveryQueues,
    private readonly runtime: Runtime,
    @Inject(DELIVER_OPTIONS) private readonly options: DeliverOptions,
  ) {
    this.couriers = new Map(options.couriers.map((courier) => [courier.target, courier]));
  }

  /** Does nothing when the delivery is done, not due, or in another worker's hands: the table decides. */
  async attempt(tenantId: string, deliveryId: string, target: Target): Promise<void> {
    const claimedBy = `${this.runtime.instance}:${randomUUID()}`;
    const claim: Claim = { deliveryId, claimedBy, leaseMs: this.options.leaseMs };
    const taken = await this.take(tenantId, target, claim);
    if (!taken) return;
    const { delivery } = taken;
    await withLogContext({ tenantId, callId: delivery.callId }, () =>
      inSpan(
        `deliver ${target}`,
        {
          parent: delivery.traceparent,
          kind: SpanKind.CONSUMER,
          attributes: {
            [attributeKeys.tenantId]: tenantId,
            [attributeKeys.callId]: delivery.callId,
            [attributeKeys.leadId]: delivery.subjectId,
            'delivery.id': deliveryId,
            'delivery.kind': delivery.kind,
            'delivery.attempt': delivery.attempts,
          },
        },
        () => this.send(taken, claim),
      ),
    );
  }

  private async take(tenantId: string, target: Target, claim: Claim): Promise<Taken | undefined> {
    return this.database.inTenant(tenantId, async (tx) => {
      const connection = isCrmTarget(target) ? await this.connections.find(tx, tenantId, target) : undefined;
      if (connection?.parkedUntil && connection.parkedUntil.getTime() > Date.now()) {
        await this.deliveries.park(tx, target, connection.parkedUntil);
        return undefined;
      }
      const delivery = await this.deliveries.claim(tx, claim);
      return delivery && { delivery, connection };
    });
  }

  private async send(taken: Taken, claim: Claim): Promise<void> {
    const { delivery } = taken;
    const lease = new Lease(claim.leaseMs, () =>
      this.database.inTenant(delivery.tenantId, (tx) => this.deliveries.renew(tx, claim)),
    );
    const startedAt = performance.now();
    const tookMs = (): number => Math.round(performance.now() - startedAt);
    try {
      const receipt = await this.toRemote(taken, lease.signal);
      const latencyMs = tookMs();
      const first = await this.settle.delivered(delivery, receipt, latencyMs);
      if (first) deliveryDelivered(delivery, latencyMs);
      else leaseLost(delivery.deliveryId);
    } catch (error) {
      await this.afterTrouble(delivery, claim, error, tookMs());
    } finally {
      lease.end();
    }
  }

  private async toRemote(taken: Taken, lost: AbortSignal): Promise<Receipt> {
    const { delivery } = taken;
    const courier = this.couriers.get(delivery.target);
    if (!courier) throw new Error(`nobody delivers to ${delivery.target}`);
    const connection = openConnection(taken);
    const [content, settings] = await Promise.all([
      this.content.of(delivery),
      this.settings.of(delivery.tenantId),
    ]);
    const links = isCrmTarget(delivery.target)
      ? this.links.linksOf(delivery.tenantId, delivery.target)
      : noLinks;
    const signal = AbortSignal.any([lost, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)]);
    try {
      return await inSpan(`send ${delivery.target}`, { kind: SpanKind.CLIENT }, () =>
        courier.send({ delivery, content, settings, connection, links }, signal),
      );
    } catch (error) {
      if (!(error instanceof RemoteTrouble)) throw error;
      const redactedBody = withoutContent(error.facts.redactedBody ?? '', content);
      throw new RemoteTrouble({ ...error.facts, redactedBody });
    }
  }

  private async afterTrouble(
    delivery: Delivery,
    claim: Claim,
    error: unknown,
    latencyMs: number,
  ): Promise<void> {
    if (!(error instanceof RemoteTrouble)) unexpectedTrouble(delivery.deliveryId, error);
    const words = `Something went wrong on our side while sending to ${NAMES[delivery.target]}.`;
    const facts = error instanceof RemoteTrouble ? error.facts : { kind: 'transient' as const, words };
    const verdict = decideRetry(facts, delivery, new Date());
    const ours = await this.settle.notDelivered(delivery, claim, facts, verdict, latencyMs);
    if (!ours) return leaseLost(delivery.deliveryId);
    if (facts.disable) connectionDisabled(delivery.target, facts.words);
    if (verdict.kind === 'failed') return deliveryFailed(delivery, facts);
    deliveryPostponed(delivery, facts, verdict.delayMs);
    await this.queues.enqueue(delivery, verdict.delayMs);
  }
}

import { fromBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import { Injectable } from '@nestjs/common';
import { DeliverPolicy, type Consumer, type ConsumerMessages, type JsMsg } from '@nats-io/jetstream';
import { anyTenant, TENANT_STATE, type EventMeta } from '@tradeline/contracts';
import { log, Runtime } from '@tradeline/service-runtime';
import { Bus } from '../bus/bus.js';

const RETRY_MS = 1_000;
/** The server's count of what is waiting can only be trusted while it answers. */
const PAGE = 500;

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Tenants' settings, held by whoever needs them: each event is a whole snapshot and the stream keeps the last one
 * per tenant. Every process reads all of them at its start and follows the changes, so nothing is asked of another
 * service while a phone rings.
 */
@Injectable()
export class SettingsStream {
  readonly #open = new Set<ConsumerMessages>();
  #stopped = false;

  constructor(
    private readonly bus: Bus,
    private readonly runtime: Runtime,
  ) {}

  /**
   * Calls `hear` with the latest snapshot of each tenant, then with every later one.
   * Resolves when all that was stored has been heard, also when that is nothing; the process is not ready before.
   */
  async follow<Desc extends DescMessage>(
    schema: Desc,
    hear: (event: MessageShape<Desc>) => void,
  ): Promise<void> {
    if (!this.bus.role.settings.some((event) => event.typeName === schema.typeName)) {
      throw new Error(
        `${this.bus.service} does not follow ${schema.typeName}: declare it in libs/contracts/src/catalogue.ts`,
      );
    }
    let caughtUp = false;
    this.runtime.readiness.register(`settings:${schema.name}`, () => caughtUp || 'not caught up');
    const newest = new Map<string, number>();
    await new Promise<void>((resolve) => {
      void this.#followForEver(schema, (message) => this.#hear(schema, message, newest, hear), resolve);
    });
    caughtUp = true;
    log.info('settings_caught_up', { setting: schema.typeName, tenants: newest.size });
  }

  close(): void {
    this.#stopped = true;
    for (const messages of this.#open) messages.stop();
  }

  /** The client heals gaps and reconnects by itself; what it gives up on is started anew, from the stored snapshots. */
  async #followForEver(
    schema: DescMessage,
    hear: (message: JsMsg) => void,
    caughtUp: () => void,
  ): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#followOnce(schema, hear, caughtUp);
      } catch (error) {
        if (this.#stopped) return;
        log.warn('settings_interrupted', { setting: schema.typeName, reason: describe(error) });
      }
      if (!this.#stopped) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  async #followOnce(
    schema: DescMessage,
    hear: (message: JsMsg) => void,
    caughtUp: () => void,
  ): Promise<void> {
    const consumer: Consumer = await this.bus.jetstream.consumers.get(TENANT_STATE.name, {
      filter_subjects: anyTenant(schema),
      deliver_policy: DeliverPolicy.LastPerSubject,
    });
    const stored = (await consumer.info(true)).num_pending;
    if (stored === 0) caughtUp();
    const messages = await consumer.consume({ max_messages: PAGE, expires: 10_000 });
    this.#open.add(messages);
    let heard = 0;
    try {
      for await (const message of messages) {
        hear(message);
        heard++;
        if (heard >= stored || message.info.pending === 0) caughtUp();
      }
    } finally {
      this.#open.delete(messages);
    }
  }

  #hear<Desc extends DescMessage>(
    schema: Desc,
    message: JsMsg,
    newest: Map<string, number>,
    hear: (event: MessageShape<Desc>) => void,
  ): void {
    try {
      const event = fromBinary(schema, message.data);
      const meta = (event as { meta?: EventMeta }).meta;
      const said = meta?.occurredAt ? timestampMs(meta.occurredAt) : 0;
      // After an interruption the stored snapshots are read again; one that is older than what we hold is no news.
      if (said < (newest.get(message.subject) ?? 0)) return;
      newest.set(message.subject, said);
      hear(event);
    } catch (error) {
      // One tenant's broken snapshot must not keep the others' from being heard.
      log.error('setting_unusable', { subject: message.subject, reason: describe(error) });
    }
  }
}

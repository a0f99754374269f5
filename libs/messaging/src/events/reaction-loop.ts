import { fromBinary, type DescMessage, type Message } from '@bufbuild/protobuf';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { durableName, type EventMeta } from '@tradeline/contracts';
import {
  attributeKeys,
  counter,
  histogramMs,
  inSpan,
  log,
  PermanentFailure,
  withLogContext,
  SpanKind,
} from '@tradeline/service-runtime';
import type { Bus } from '../bus/bus.js';
import { buryEvent, REPLAY_FOR } from '../dead-letters/dead-letter.js';
import { backOffMs } from './back-off.js';
import type { Delivery } from './delivery.js';
import { ACK_WAIT_MS } from './durable-consumer.js';
import type { EventHandlerExtras } from './on-event.decorator.js';
import type { Quarantine } from './quarantine.js';
import { RetryLater } from './retry-later.js';
import { WorkSlots } from './work-slots.js';

/** Enough to hide the round trips to a database, few enough for its connection pool. */
const CONCURRENCY = 16;
const PULL_EXPIRES_MS = 10_000;
const PAUSE_AFTER_ERROR_MS = 500;

export type ReactionHandler = (event: Message, delivery: Delivery) => Promise<unknown>;

const handled = counter('messaging.events.handled', 'Deliveries that were handled and acknowledged');
const retried = counter('messaging.events.retried', 'Deliveries that come again later');
const buried = counter('messaging.events.dead_lettered', 'Events that became dead letters');
const handling = histogramMs('messaging.events.handling', 'Time from delivery to the end of its handler');

const describe = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

/** `instanceof` breaks when a library is loaded twice; the name travels. */
const isNamed = (error: unknown, name: string): error is Error =>
  error instanceof Error && error.name === name;

/** Pulls one reaction's events and gives each to its handler. */
export class ReactionLoop {
  readonly #slots = new WorkSlots(CONCURRENCY);
  #consumer: Consumer | undefined;
  #pulling: ConsumerMessages | undefined;
  #stopped = false;
  #ended: Promise<void> = Promise.resolve();

  constructor(
    private readonly bus: Bus,
    private readonly open: () => Promise<Consumer>,
    private readonly extras: EventHandlerExtras,
    private readonly handler: ReactionHandler,
    private readonly quarantine: Quarantine,
  ) {}

  /** @throws when the consumer cannot be had; later it is waited for. */
  async start(): Promise<void> {
    this.#consumer = await this.open();
    this.#ended = this.#run();
  }

  /** Stops pulling, then waits for the handlers that are at work. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#pulling?.stop();
    await this.#ended;
    await this.#slots.finished();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      await this.#slots.available();
      if (this.#stopped) return;
      try {
        await this.#pullOnce();
      } catch (error) {
        if (this.#stopped) return;
        log.warn('consumer_pull_failed', { consumer: this.#durable, reason: describe(error) });
        // A server that came back without its data has the streams made again, but not the consumers.
        this.#consumer = undefined;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_ERROR_MS));
      }
    }
  }

  /** Asks for no more than can be started at once: nothing waits here while its acknowledgement time runs. */
  async #pullOnce(): Promise<void> {
    this.#consumer ??= await this.open();
    this.#pulling = await this.#consumer.fetch({ max_messages: this.#slots.free, expires: PULL_EXPIRES_MS });
    for await (const message of this.#pulling) this.#slots.start(() => this.#take(message));
  }

  get #durable(): string {
    return durableName(this.bus.service, this.extras.reaction);
  }

  async #take(message: JsMsg): Promise<void> {
    const beating = setInterval(() => message.working(), ACK_WAIT_MS / 3);
    const startedAt = performance.now();
    try {
      await this.quarantine.run(message, () => this.#takeCounted(message));
    } catch (error) {
      // Neither the event nor its dead letter could be written: it stays on the stream and comes again.
      log.error('delivery_unsettled', { consumer: this.#durable, reason: describe(error) });
      message.nak(backOffMs(message.info.deliveryCount));
    } finally {
      clearInterval(beating);
      handling.record(performance.now() - startedAt, { reaction: this.extras.reaction });
    }
  }

  /** The count comes first: a handler that kills its process never gets to count itself. */
  async #takeCounted(message: JsMsg): Promise<void> {
    const replayFor = message.headers?.get(REPLAY_FOR);
    if (replayFor && replayFor !== this.#durable) return message.ack();
    if (message.info.deliveryCount > this.extras.maxDeliveries) {
      return this.#bury(message, `delivered ${message.info.deliveryCount - 1} times without an answer`);
    }
    const decoded = this.#decode(message);
    if (typeof decoded === 'string') return this.#bury(message, decoded);
    await this.#handle(message, decoded.event, decoded.delivery);
  }

  #decode(message: JsMsg): { event: Message; delivery: Delivery } | string {
    const schema: DescMessage = this.extras.event;
    let event: Message;
    try {
      event = fromBinary(schema, message.data);
    } catch (error) {
      return `not a ${schema.typeName}: ${describe(error)}`;
    }
    const meta = (event as Message & { meta?: EventMeta }).meta;
    const tenantOfSubject = message.subject.split('.').at(-1);
    if (!meta?.eventId || !meta.occurredAt) return `${schema.typeName} without meta`;
    if (meta.tenantId !== tenantOfSubject)
      return `${schema.typeName} whose tenant is not the one of its subject`;
    return {
      event,
      delivery: {
        eventId: meta.eventId,
        tenantId: meta.tenantId,
        reaction: this.extras.reaction,
        deliveryCount: message.info.deliveryCount,
        occurredAt: timestampDate(meta.occurredAt),
      },
    };
  }

  async #handle(message: JsMsg, event: Message, delivery: Delivery): Promise<void> {
    const callId = (event as Message & { callId?: string }).callId;
    try {
      await withLogContext({ tenantId: delivery.tenantId, ...(callId ? { callId } : {}) }, () =>
        inSpan(
          `${this.bus.service} ${delivery.reaction}`,
          {
            kind: SpanKind.CONSUMER,
            parent: message.headers?.get('traceparent') || undefined,
            attributes: {
              [attributeKeys.tenantId]: delivery.tenantId,
              ...(callId ? { [attributeKeys.callId]: callId } : {}),
              'messaging.system': 'nats',
              'messaging.destination.name': message.subject,
              'messaging.message.id': delivery.eventId,
              'messaging.delivery.count': delivery.deliveryCount,
            },
          },
          () => this.handler(event, delivery),
        ),
      );
      message.ack();
      handled.add(1, { reaction: delivery.reaction });
    } catch (error) {
      await this.#afterFailure(message, delivery, error);
    }
  }

  async #afterFailure(message: JsMsg, delivery: Delivery, error: unknown): Promise<void> {
    if (error instanceof PermanentFailure || isNamed(error, 'PermanentFailure')) {
      return this.#bury(message, describe(error));
    }
    const last = delivery.deliveryCount >= this.extras.maxDeliveries;
    if (last)
      return this.#bury(message, `failed ${delivery.deliveryCount} times, last with ${describe(error)}`);
    const early = error instanceof RetryLater;
    const delayMs = early ? error.delayMs : backOffMs(delivery.deliveryCount);
    const fields = {
      reaction: delivery.reaction,
      eventId: delivery.eventId,
      delayMs,
      reason: describe(error),
    };
    if (early) log.info('event_postponed', fields);
    else log.warn('event_failed', { ...fields, deliveryCount: delivery.deliveryCount });
    this.quarantine.sentBack(message);
    message.nak(delayMs);
    retried.add(1, { reaction: delivery.reaction });
  }

  async #bury(message: JsMsg, reason: string): Promise<void> {
    await buryEvent(this.bus, this.extras.reaction, message, reason);
    message.term('dead letter');
    buried.add(1, { reaction: this.extras.reaction });
    log.error('event_dead_lettered', { consumer: this.#durable, subject: message.subject, reason });
  }
}

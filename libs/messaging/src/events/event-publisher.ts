import type { DescMessage } from '@bufbuild/protobuf';
import { attributeKeys, counter, inSpan, log, SpanKind } from '@tradeline/service-runtime';
import { Injectable } from '@nestjs/common';
import { Bus } from '../bus/bus.js';
import { composeEvent, type EventInit, type EventOptions } from './compose-event.js';
import { headersOf, type WireEvent } from './event-headers.js';

const MAX_ATTEMPTS = 20;
const LONGEST_WAIT_MS = 2_000;
/** What may wait for an acknowledgement at once; beyond it memory would grow while the bus is away. */
const MAX_PENDING = 5_000;

const published = counter('messaging.events.published', 'Events that JetStream acknowledged');
const lost = counter('messaging.events.not_published', 'Events that were given up after all attempts');

/** An event could not be published. It has been counted and logged; the caller may say more. */
export class EventNotPublished extends Error {
  override readonly name = 'EventNotPublished';
}

/**
 * Publishes straight to JetStream, for a service without a database. Waits for the acknowledgement and retries for
 * about half a minute under one message id, so a retry whose first try did arrive is stored once.
 * A service with a database uses `appendEvent` instead: there a crash between row and event loses nothing.
 */
@Injectable()
export class EventPublisher {
  #pending = 0;

  constructor(private readonly bus: Bus) {}

  /** Events that wait for their acknowledgement. */
  get pending(): number {
    return this.#pending;
  }

  /** @throws EventNotPublished when all attempts failed or too many events wait already. */
  async publish<Desc extends DescMessage>(
    schema: Desc,
    init: EventInit<Desc>,
    options: EventOptions,
  ): Promise<void> {
    if (!this.bus.role.says.some((event) => event.typeName === schema.typeName)) {
      throw new Error(
        `${this.bus.service} does not say ${schema.typeName}: declare it in libs/contracts/src/catalogue.ts`,
      );
    }
    if (this.#pending >= MAX_PENDING)
      return this.#giveUp(schema.typeName, `${MAX_PENDING} events wait already`);
    this.#pending++;
    try {
      await inSpan(
        `publish ${schema.typeName}`,
        {
          kind: SpanKind.PRODUCER,
          attributes: { [attributeKeys.tenantId]: options.tenantId, 'messaging.system': 'nats' },
        },
        // Composed inside the span, so that whoever hears the event is parented on it.
        () => this.#publish(composeEvent(schema, init, options)),
      );
    } finally {
      this.#pending--;
    }
  }

  async #publish(event: WireEvent): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await publishOnce(this.bus, event);
        return;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (attempt >= MAX_ATTEMPTS || this.bus.connection.isClosed())
          return this.#giveUp(event.type, reason, event.eventId);
        await new Promise((resolve) => setTimeout(resolve, Math.min(50 * 2 ** attempt, LONGEST_WAIT_MS)));
      }
    }
  }

  #giveUp(type: string, reason: string, eventId?: string): never {
    lost.add(1, { type });
    log.error('event_not_published', { eventId, type, reason });
    throw new EventNotPublished(`${type} was not published: ${reason}`);
  }
}

/** One attempt; resolves when JetStream has stored the event (or knows that it has it already). */
export const publishOnce = async (bus: Bus, event: WireEvent): Promise<void> => {
  await bus.jetstream.publish(event.subject, event.payload, {
    headers: headersOf(event, bus.service),
    timeout: 2_000,
  });
  published.add(1, { type: event.type });
};

import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { ServerNats, type MessageHandler } from '@nestjs/microservices';
import { isAnsweredPerInstance } from '@tradeline/contracts';
import type { Bus } from '../bus/bus.js';
import type { RequestHandlerExtras } from './on-request.decorator.js';
import { AnswerSerializer, QuestionDeserializer } from './protobuf-wire.js';

/**
 * Nest's NATS transport for questions, with three differences: it uses the service's one connection, it subscribes
 * under the service's queue group so that one instance answers, and it finishes answers before it closes.
 */
export class RequestServer extends ServerNats {
  readonly #subscriptions: Subscription[] = [];
  readonly #answering = new Set<Promise<unknown>>();

  constructor(private readonly bus: Bus) {
    super({
      queue: bus.service,
      serializer: new AnswerSerializer(),
      deserializer: new QuestionDeserializer(),
    });
  }

  override createNatsClient(): Promise<NatsConnection> {
    return Promise.resolve(this.bus.connection);
  }

  /** The connection's owner reports on it already. */
  override handleStatusUpdates(): Promise<void> {
    return Promise.resolve();
  }

  override bindEvents(connection: NatsConnection): void {
    for (const [subject, handler] of this.messageHandlers) {
      const extras = this.#declared(subject, handler);
      const perInstance = isAnsweredPerInstance(extras.request);
      const callback = (error: Error | null, message: Msg): void => {
        if (error) return this.logger.error(error);
        const answered: Promise<unknown> = this.handleMessage(subject, message)
          .catch((failure: unknown) => this.logger.error(failure))
          .finally(() => this.#answering.delete(answered));
        this.#answering.add(answered);
      };
      this.#subscriptions.push(
        perInstance
          ? connection.subscribe(`${subject}.${this.bus.instance}`, { callback })
          : connection.subscribe(subject, { queue: this.bus.service, callback }),
      );
    }
  }

  /** Takes no more questions and finishes those at hand; the connection is closed by its owner. */
  override async close(): Promise<void> {
    await Promise.allSettled(this.#subscriptions.map((subscription) => subscription.drain()));
    await Promise.allSettled(this.#answering);
  }

  #declared(subject: string, handler: MessageHandler): RequestHandlerExtras {
    const extras = handler.extras as RequestHandlerExtras | undefined;
    if (!extras?.request) throw new Error(`the answerer of ${subject} was not declared with @OnRequest`);
    const { service, role } = this.bus;
    if (!role.answers.some((request) => request.typeName === extras.request.typeName)) {
      throw new Error(
        `${service} does not answer ${extras.request.typeName}: declare it in libs/contracts/src/catalogue.ts`,
      );
    }
    return extras;
  }
}

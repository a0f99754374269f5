import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import type { Bus } from '../bus/bus.js';
import { ensureDurable } from './durable-consumer.js';
import { JETSTREAM, type EventHandlerExtras } from './on-event.decorator.js';
import { Quarantine } from './quarantine.js';
import { ReactionLoop, type ReactionHandler } from './reaction-loop.js';

/** Nest's transport for events: each `@OnEvent` method becomes a durable pull consumer on JetStream. */
export class JetStreamServer extends Server implements CustomTransportStrategy {
  override readonly transportId = JETSTREAM;
  readonly #loops: ReactionLoop[] = [];
  readonly #quarantine = new Quarantine();

  constructor(private readonly bus: Bus) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    this.#listen().then(() => callback(), callback);
  }

  async close(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()));
  }

  on(): never {
    throw new Error('the JetStream transport emits no events; the connection logs what happens to it');
  }

  unwrap<T>(): T {
    return this.bus.connection as T;
  }

  async #listen(): Promise<void> {
    const handlers = [...this.messageHandlers].map(([reaction, handler]) =>
      this.#declared(reaction, handler),
    );
    for (const { extras, handler } of handlers) {
      const open = () => ensureDurable(this.bus, extras.event, extras.reaction);
      const call: ReactionHandler = (event, delivery) => this.#call(handler, event, delivery);
      const loop = new ReactionLoop(this.bus, open, extras, call, this.#quarantine);
      await loop.start();
      this.#loops.push(loop);
    }
  }

  /** A reaction that the catalogue does not know would be refused by the server, with a less helpful message. */
  #declared(
    reaction: string,
    handler: MessageHandler,
  ): { extras: EventHandlerExtras; handler: MessageHandler } {
    const extras = handler.extras as EventHandlerExtras | undefined;
    if (!extras?.event) throw new Error(`the reaction ${reaction} was not declared with @OnEvent`);
    if (handler.next)
      throw new Error(`the reaction ${reaction} has two handlers; give the second a reaction of its own`);
    const { service, role } = this.bus;
    const declared = role.hears.some(
      (line) => line.reaction === reaction && line.event.typeName === extras.event.typeName,
    );
    if (!declared) {
      throw new Error(
        `${service} does not hear ${extras.event.typeName} as "${reaction}": declare it in libs/contracts/src/catalogue.ts`,
      );
    }
    return { extras, handler };
  }

  async #call(handler: MessageHandler, event: unknown, delivery: unknown): Promise<unknown> {
    const result: unknown = await handler(event, delivery);
    return lastValueFrom(this.transformToObservable(result), { defaultValue: undefined });
  }
}

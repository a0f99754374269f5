import type { JsMsg } from '@nats-io/jetstream';

/** A first redelivery is everyday; from the third delivery on, an unexplained one may be what killed its process. */
const SUSPECT_FROM = 3;
const MAX_REMEMBERED = 10_000;

interface Waiting {
  readonly alone: boolean;
  readonly go: () => void;
}

/**
 * Keeps the innocent from dying with the guilty. Deliveries that were in hand when a process was killed all come
 * again at the same moment, and would be killed together each time until all of them are dead letters. So one that
 * came again without having been sent back by us is handled while nothing else is in hand.
 */
export class Quarantine {
  readonly #sentBack = new Map<string, number>();
  readonly #waiting: Waiting[] = [];
  #running = 0;
  #alone = false;

  /** Says that a delivery comes again because its handler asked for it. */
  sentBack(message: JsMsg): void {
    const oldest = this.#sentBack.keys().next();
    if (this.#sentBack.size >= MAX_REMEMBERED && !oldest.done) this.#sentBack.delete(oldest.value);
    this.#sentBack.set(this.#keyOf(message), message.info.deliveryCount);
  }

  async run(message: JsMsg, work: () => Promise<void>): Promise<void> {
    const alone = this.#isSuspect(message);
    await this.#enter(alone);
    try {
      await work();
    } finally {
      this.#leave(alone);
    }
  }

  #isSuspect(message: JsMsg): boolean {
    const { deliveryCount } = message.info;
    const key = this.#keyOf(message);
    const explained = this.#sentBack.get(key) === deliveryCount - 1;
    this.#sentBack.delete(key);
    return deliveryCount >= SUSPECT_FROM && !explained;
  }

  #keyOf(message: JsMsg): string {
    return `${message.info.consumer} ${message.info.streamSequence}`;
  }

  #mayEnter(alone: boolean): boolean {
    return !this.#alone && (!alone || this.#running === 0);
  }

  #enter(alone: boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ alone, go: resolve });
      this.#admit();
    });
  }

  #leave(alone: boolean): void {
    this.#running--;
    if (alone) this.#alone = false;
    this.#admit();
  }

  /** In order of arrival, so neither kind starves the other. */
  #admit(): void {
    for (let next = this.#waiting[0]; next && this.#mayEnter(next.alone); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#running++;
      this.#alone = next.alone;
      next.go();
    }
  }
}

import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { catalogue, type BusRole, type ServiceName } from '@tradeline/contracts';

/** What a service is on the bus: its one connection, its name and what the catalogue lets it do. */
export class Bus {
  readonly role: BusRole;
  readonly jetstream: JetStreamClient;
  #connected = true;

  constructor(
    readonly connection: NatsConnection,
    readonly service: ServiceName,
    readonly instance: string,
    /** Where replies to this connection's user may go. */
    readonly inboxPrefix: string,
  ) {
    this.role = catalogue[service];
    this.jetstream = jetstream(connection, { timeout: 5_000 });
    void this.#watch();
  }

  /** True while the connection stands. */
  get connected(): boolean {
    return this.#connected && !this.connection.isClosed();
  }

  async close(): Promise<void> {
    if (this.connection.isClosed()) return;
    // Draining flushes what was published; a server that is gone must not keep the process from stopping.
    const drained = this.#connected ? this.connection.drain() : this.connection.close();
    const timeout = setTimeout(() => void this.connection.close(), 2_000);
    await drained.catch(() => this.connection.close());
    clearTimeout(timeout);
  }

  async #watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') this.#connected = false;
      if (status.type === 'reconnect') this.#connected = true;
    }
  }
}

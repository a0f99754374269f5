import {
  Global,
  Injectable,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import type { ServiceName } from '@tradeline/contracts';
import { Runtime } from '@tradeline/service-runtime';
import { Bus } from './bus/bus.js';
import { connectPatiently, inboxPrefixOf, type BusCredentials } from './bus/connection.js';
import { EventPublisher } from './events/event-publisher.js';
import { JetStreamServer } from './events/jetstream-server.js';
import { LiveEvents } from './live/live-events.js';
import { OutboxRelay } from './outbox/outbox-relay.js';
import type { OutboxKeys } from './outbox/transaction.js';
import { PhraseStore } from './phrases/phrase-store.js';
import { Presence } from './presence/presence.js';
import { RequestServer } from './requests/request-server.js';
import { RpcClient } from './requests/rpc-client.js';
import { SettingsStream } from './settings/settings-stream.js';
import { SnapshotStore } from './snapshots/snapshot-store.js';

export interface MessagingOptions {
  readonly service: ServiceName;
  readonly env: BusCredentials & { readonly INSTANCE_ID?: string };
  /** For a service with a database: publishes what its transactions appended. */
  readonly outbox?: {
    /** The database's address, signed in as the relay role. */
    readonly relayUrl: string;
    readonly keys: OutboxKeys;
  };
}

/** A class, so that Nest can inject it by type. */
class MessagingSettings {
  constructor(readonly value: MessagingOptions) {}
}

/** Ties the bus to the life of the process: when it is ready, and in which order it stops. */
@Injectable()
export class MessagingLife implements OnModuleInit, OnApplicationShutdown {
  readonly #relay: OutboxRelay | undefined;
  #ended: Promise<void> | undefined;

  constructor(
    private readonly bus: Bus,
    private readonly runtime: Runtime,
    private readonly events: JetStreamServer,
    private readonly requests: RequestServer,
    private readonly settings: SettingsStream,
    options: MessagingSettings,
  ) {
    const { outbox } = options.value;
    if (outbox) this.#relay = new OutboxRelay(bus, outbox.relayUrl, outbox.keys);
  }

  onModuleInit(): void {
    this.runtime.readiness.register('nats', () => this.bus.connected || 'not connected');
    this.runtime.onDrain('messaging', () => this.#drain());
    // The connection goes last: what drains beside us may still have something to say.
    this.runtime.onDrain('messaging-connection', () => this.#end(), { last: true });
    const relay = this.#relay;
    if (!relay) return;
    this.runtime.readiness.register('outbox', () => relay.trouble ?? true);
    relay.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#end();
  }

  async #drain(): Promise<void> {
    await Promise.all([this.events.close(), this.requests.close()]);
  }

  #end(): Promise<void> {
    this.#ended ??= (async () => {
      await this.#drain();
      this.settings.close();
      await this.#relay?.stop();
      await this.bus.close();
    })();
    return this.#ended;
  }
}

const providersOf = (options: MessagingOptions): Provider[] => [
  { provide: MessagingSettings, useFactory: () => new MessagingSettings(options) },
  {
    provide: Bus,
    inject: [Runtime],
    useFactory: async (runtime: Runtime) => {
      const instance = options.env.INSTANCE_ID ?? runtime.instance;
      const connection = await connectPatiently(options.env, `${options.service} ${instance}`);
      return new Bus(connection, options.service, instance, inboxPrefixOf(options.env.NATS_USER));
    },
  },
  { provide: JetStreamServer, inject: [Bus], useFactory: (bus: Bus) => new JetStreamServer(bus) },
  { provide: RequestServer, inject: [Bus], useFactory: (bus: Bus) => new RequestServer(bus) },
  EventPublisher,
  RpcClient,
  SettingsStream,
  LiveEvents,
  Presence,
  SnapshotStore,
  PhraseStore,
  MessagingLife,
];

/** The bus for one service; global, so features inject `EventPublisher`, `RpcClient` and the like without importing it. */
@Global()
@Module({})
export class MessagingModule {
  static forRoot(options: MessagingOptions): DynamicModule {
    const providers = providersOf(options);
    return {
      module: MessagingModule,
      providers,
      exports: [
        Bus,
        JetStreamServer,
        RequestServer,
        EventPublisher,
        RpcClient,
        SettingsStream,
        LiveEvents,
        Presence,
        SnapshotStore,
        PhraseStore,
      ],
    };
  }
}

import type { INestApplicationContext } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { DescMessage, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { ServiceName } from '@tradeline/contracts';
import {
  attachMessaging,
  EventPublisher,
  LiveEvents,
  MessagingModule,
  RpcClient,
} from '@tradeline/messaging';
import type { EventInit, EventOptions, LiveEvent } from '@tradeline/messaging';
import { Runtime, RuntimeModule, runService } from '@tradeline/service-runtime';
import type { RunningService } from '@tradeline/service-runtime';
import { startNats, testDatabase } from '@tradeline/testing';
import type { TestDatabase, TestNats } from '@tradeline/testing';
import { AppModule } from '../src/app.module.js';
import { readEnv } from '../src/env.js';

/** The service as it runs, with a real database and bus, and its neighbours' seats on the bus. */
export interface Platform {
  readonly service: RunningService;
  readonly database: TestDatabase;
  readonly nats: TestNats;
  /** Says an event as realtime-bridge or telephony-gateway, whichever may. */
  say<Desc extends DescMessage>(schema: Desc, init: EventInit<Desc>, options: EventOptions): Promise<void>;
  /** Asks as tenant-gateway. */
  ask<Req extends DescMessage, Res extends DescMessage>(
    request: Req,
    response: Res,
    init: MessageInitShape<Req>,
  ): Promise<MessageShape<Res>>;
  /** What a tenant's people see live, as long as the platform stands. */
  eventsOf(tenantId: string): LiveEvent[];
  stop(): Promise<void>;
}

const seatOf = async (nats: TestNats, service: ServiceName): Promise<INestApplicationContext> => {
  @Module({
    imports: [
      RuntimeModule.for(new Runtime()),
      MessagingModule.forRoot({ service, env: nats.credentials(service) }),
    ],
  })
  class Seat {}
  return NestFactory.createApplicationContext(Seat, { logger: false });
};

const publisherOf = (schema: DescMessage): ServiceName =>
  schema.typeName.startsWith('calls.')
    ? 'telephony-gateway'
    : schema.typeName.startsWith('tenants.')
      ? 'tenant-gateway'
      : 'realtime-bridge';

export const startPlatform = async (
  environment: Readonly<Record<string, string>> = {},
): Promise<Platform> => {
  const [nats, database] = await Promise.all([startNats(), testDatabase('leads')]);
  const env = readEnv({
    LOG_LEVEL: 'silent',
    ...nats.credentials('lead-qualifier'),
    DATABASE_URL: database.serviceUrl,
    RELAY_DATABASE_URL: database.relayUrl,
    MASTER_KEY: database.masterKey,
    ...environment,
  });
  const service = await runService({
    name: 'lead-qualifier',
    module: AppModule.for(env),
    env,
    configure: attachMessaging,
  });
  const seats = new Map(
    await Promise.all(
      (['realtime-bridge', 'telephony-gateway', 'tenant-gateway'] as const).map(
        async (name) => [name as ServiceName, await seatOf(nats, name)] as const,
      ),
    ),
  );
  const seat = (name: ServiceName): INestApplicationContext => {
    const found = seats.get(name);
    if (!found) throw new Error(`no seat for ${name}`);
    return found;
  };
  return {
    service,
    database,
    nats,
    say: (schema, init, options) =>
      seat(publisherOf(schema)).get(EventPublisher).publish(schema, init, options),
    ask: (request, response, init) => seat('tenant-gateway').get(RpcClient).ask(request, response, init),
    eventsOf: (tenantId) => {
      const seen: LiveEvent[] = [];
      seat('tenant-gateway')
        .get(LiveEvents)
        .watch(tenantId, (event) => void seen.push(event));
      return seen;
    },
    stop: async () => {
      await service.stop();
      await Promise.all([...seats.values()].map((each) => each.close()));
      await Promise.all([nats.stop(), database.drop()]);
    },
  };
};

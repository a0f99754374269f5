import { AppModule } from '../src/app.module.js';
import { MetricsDatabase } from '../src/database/prisma.js';
import type { StreamFact } from '../src/domain/facts.js';
import { readEnv } from '../src/env.js';
import type { EventInit } from '@tradeline/messaging';
import type { DescMessage } from '@bufbuild/protobuf';
import type { ServiceName } from '@tradeline/contracts';
import {
  attachMessaging,
  Bus,
  connectOnce,
  EventPublisher,
  inboxPrefixOf,
  LiveEvents,
  RpcClient,
} from '@tradeline/messaging';
import { runService } from '@tradeline/service-runtime';
import { startNats, testDatabase } from '@tradeline/testing';
import pg from 'pg';

/** One metrics-aggregator as it runs, with a database and a bus of its own, and whoever speaks to it. */
export const startMetrics = async () => {
  const [database, nats] = await Promise.all([testDatabase('metrics'), startNats()]);
  const env = readEnv({
    ...nats.credentials('metrics-aggregator'),
    DATABASE_URL: database.serviceUrl,
    RELAY_DATABASE_URL: database.relayUrl,
    MASTER_KEY: database.masterKey,
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    INSTANCE_ID: 'metrics1',
  });
  const run = () =>
    runService({ name: 'metrics-aggregator', module: AppModule.for(env), env, configure: attachMessaging });
  let service = await run();
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
  const connections: Awaited<ReturnType<typeof connectOnce>>[] = [];
  const busOf = async (name: ServiceName): Promise<Bus> => {
    const connection = await connectOnce(nats.credentials(name), `${name} of the test`);
    connections.push(connection);
    return new Bus(connection, name, 'tests', inboxPrefixOf(name));
  };
  return {
    get service() {
      return service;
    },
    get database() {
      return service.app.get(MetricsDatabase, { strict: false });
    },
    restart: async () => {
      await service.stop();
      service = await run();
    },
    /** Who watches live, as tenant-gateway does. */
    live: async () => {
      const live = new LiveEvents(await busOf('tenant-gateway'));
      return live;
    },
    rpc: new RpcClient(await busOf('tenant-gateway')),
    publisherOf: async (name: ServiceName) => {
      const publisher = new EventPublisher(await busOf(name));
      return <Desc extends DescMessage>(
        schema: Desc,
        init: EventInit<Desc>,
        tenantId: string,
        eventId: string,
        occurredAt: Date,
      ) => publisher.publish(schema, init, { tenantId, eventId, occurredAt });
    },
    rows: async (sql: string, ...values: unknown[]) =>
      (await owner.query<Record<string, unknown>>(sql, values)).rows,
    stop: async () => {
      await service.stop();
      await owner.end();
      await Promise.all(connections.map((connection) => connection.close()));
      await nats.stop();
      await database.drop();
    },
  };
};

export type MetricsUnderTest = Awaited<ReturnType<typeof startMetrics>>;

const none = {
  connectedAt: undefined,
  handshakeMs: undefined,
  fellBack: false,
  errorMessage: '',
  twilioStart: undefined,
  openaiConnect: undefined,
  openaiConnectMs: undefined,
  greetingMs: undefined,
  messagesIn: 0,
  messagesOut: 0,
  silenceNudges: 0,
  bargeIns: 0,
  truncations: 0,
  falseInterruptions: 0,
  overlapMs: 0,
  modelErrors: 0,
  language: 'en-CA',
  result: 'completed',
  reason: 'caller_hung_up',
  adapter: 'openai-realtime',
};

/** A stream as it ended, with what the test says of it. */
export const streamFact = (callId: string, startedAt: Date, facts: Partial<StreamFact> = {}): StreamFact => ({
  ...none,
  callId,
  callSid: `CA${callId}`,
  conversationId: `cv_${callId}`,
  startedAt,
  endedAt: startedAt,
  turns: [],
  ...facts,
});

/** A delivery of ConversationEnded. */
export const deliveryOf = (tenantId: string, eventId: string, deliveryCount = 1) => ({
  eventId,
  tenantId,
  reaction: 'record-stream-when-conversation-ended',
  deliveryCount,
  occurredAt: new Date(),
});

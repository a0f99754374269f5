import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { headers } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  AlertSettingsChangedSchema,
  DismissalReason,
  eventName,
  GetCallRequestSchema,
  GetCallResponseSchema,
  GetLeadRequestSchema,
  GetLeadResponseSchema,
  GetTranscriptRequestSchema,
  GetTranscriptResponseSchema,
  LeadDismissedSchema,
  LeadQualifiedSchema,
  LeadState,
  ListDeliveriesRequestSchema,
  ListDeliveriesResponseSchema,
  PutConnectionRequestSchema,
  PutConnectionResponseSchema,
  ReplayDeliveryRequestSchema,
  ReplayDeliveryResponseSchema,
  rpcSubject,
  Speaker,
} from '@tradeline/contracts';
import type { Delivery, LeadSchema, ServiceName } from '@tradeline/contracts';
import {
  attachMessaging,
  Bus,
  connectOnce,
  EventPublisher,
  inboxPrefixOf,
  RpcClient,
} from '@tradeline/messaging';
import { newId, runService } from '@tradeline/service-runtime';
import type { RunningService } from '@tradeline/service-runtime';
import {
  startHubSpot,
  startMailbox,
  startNats,
  startRedis,
  startWebhookReceiver,
  testDatabase,
} from '@tradeline/testing';
import pg from 'pg';
import { AppModule } from '../src/app.module.js';
import { readEnv } from '../src/env.js';

export const ONE = 'tn_one';
export const TWO = 'tn_two';
export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export interface KnownLead {
  readonly tenantId: string;
  readonly leadId: string;
  readonly callId: string;
}

type LeadInit = MessageInitShape<typeof LeadSchema>;

/** Answers one question on the bus, as its owner would; undefined means that there is none. */
const answers = <Req extends DescMessage, Res extends DescMessage>(
  connection: NatsConnection,
  request: Req,
  response: Res,
  answer: (question: MessageShape<Req>) => MessageInitShape<Res> | undefined,
): void => {
  connection.subscribe(rpcSubject(request), {
    callback: (error, message) => {
      if (error) return;
      const given = answer(fromBinary(request, message.data));
      if (given) return void message.respond(toBinary(response, create(response, given)));
      const refusal = headers();
      refusal.set('rpc-error', 'not_found');
      message.respond(new Uint8Array(), { headers: refusal });
    },
  });
};

/** A notifier as it runs, between real servers and the fakes of what it delivers to; two tenants want mail. */
export const startNotifier = async (overrides: Readonly<Record<string, string>> = {}) => {
  const [database, nats, redis] = await Promise.all([
    testDatabase('notifications'),
    startNats(),
    startRedis(),
  ]);
  const [mailbox, hubspot, receiver] = await Promise.all([
    startMailbox(),
    startHubSpot({ requestsPerTenSeconds: 10_000 }),
    startWebhookReceiver({ secret: SECRET }),
  ]);
  const as = async (service: ServiceName) => {
    const connection = await connectOnce(nats.credentials(service), `test ${service}`);
    const bus = new Bus(connection, service, 'test', inboxPrefixOf(service));
    return { connection, publisher: new EventPublisher(bus), rpc: new RpcClient(bus) };
  };
  const [gateway, qualifier, telephony, admin] = await Promise.all([
    as('tenant-gateway'),
    as('lead-qualifier'),
    as('telephony-gateway'),
    connectOnce(nats.admin, 'witness'),
  ]);

  const leads = new Map<string, KnownLead & { lead: LeadInit }>();
  const known = (tenantId: string, id: string) =>
    [...leads.values()].find((one) => one.tenantId === tenantId && (one.leadId === id || one.callId === id));
  answers(qualifier.connection, GetLeadRequestSchema, GetLeadResponseSchema, ({ tenantId, leadId }) => {
    const found = known(tenantId, leadId);
    return found && { lead: found.lead };
  });
  answers(
    qualifier.connection,
    GetTranscriptRequestSchema,
    GetTranscriptResponseSchema,
    ({ tenantId, callId }) =>
      known(tenantId, callId) && {
        lines: [
          { seq: 2, speaker: Speaker.CALLER, text: 'My pipe burst.' },
          { seq: 1, speaker: Speaker.ASSISTANT, text: 'How can I help?' },
        ],
        complete: true,
      },
  );
  answers(
    telephony.connection,
    GetCallRequestSchema,
    GetCallResponseSchema,
    ({ tenantId, callId }) =>
      known(tenantId, callId) && {
        call: {
          callId,
          fromNumber: '+16135550142',
          toNumber: '+16135550100',
          durationMs: 83_000n,
          startedAt: timestampFromDate(new Date('2026-11-22T17:05:00Z')),
        },
      },
  );

  const heard: { subject: string; data: Uint8Array; traceparent: string }[] = [];
  admin.subscribe('notifications.>', {
    callback: (_error, { subject, data, headers: lines }) =>
      void heard.push({ subject, data, traceparent: lines?.get('traceparent') ?? '' }),
  });

  const settle = (tenantId: string, settings: MessageInitShape<typeof AlertSettingsChangedSchema>) =>
    gateway.publisher.publish(AlertSettingsChangedSchema, settings, { tenantId });
  const usual = (tenantId: string) => ({
    mailRecipients: [`owner@${tenantId.slice(3)}.example`],
    language: 'en',
    timeZone: 'America/Toronto',
    businessName: `Business ${tenantId.slice(3)}`,
  });
  await settle(ONE, usual(ONE));
  await settle(TWO, { ...usual(TWO), language: 'fr', mailDismissedCalls: true });

  const env = readEnv({
    ...nats.credentials('notifier'),
    DATABASE_URL: database.serviceUrl,
    RELAY_DATABASE_URL: database.relayUrl,
    MASTER_KEY: database.masterKey,
    REDIS_URL: redis.url,
    SMTP_URL: mailbox.smtpUrl,
    MAIL_FROM: 'Receptionist <calls@tradeline.example>',
    HUBSPOT_BASE_URL: hubspot.url,
    WEBHOOK_ALLOW_LOOPBACK: 'true',
    SWEEP_INTERVAL_MS: '200',
    LEASE_MS: '1500',
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    ...overrides,
  });
  const running: RunningService[] = [];
  const start = async (instance: string): Promise<RunningService> => {
    const own = { ...env, INSTANCE_ID: instance };
    const service = await runService({
      name: 'notifier',
      module: AppModule.for(own),
      env: own,
      configure: attachMessaging,
    });
    running.push(service);
    return service;
  };
  await start('n1');
  const adminPool = new pg.Pool({ connectionString: database.adminUrl, max: 2 });
  adminPool.on('error', () => undefined);

  const connect = (
    tenantId: string,
    connection: { target: string; secret: string; url?: string; enabled?: boolean },
  ) =>
    gateway.rpc.ask(PutConnectionRequestSchema, PutConnectionResponseSchema, {
      tenantId,
      enabled: true,
      ...connection,
    });

  return {
    database,
    nats,
    redis,
    mailbox,
    hubspot,
    receiver,
    start,
    settle,
    connect,
    rpc: gateway.rpc,
    first: (): RunningService => {
      const [service] = running;
      if (!service) throw new Error('no notifier runs');
      return service;
    },
    connectHubSpot: (tenantId: string, token: string) =>
      connect(tenantId, { target: 'hubspot', secret: token }),
    connectWebhook: (tenantId: string) =>
      connect(tenantId, { target: 'webhook', secret: SECRET, url: `${receiver.url}/hook` }),
    /** A lead that the qualifier has; nothing is said of it yet. */
    aLead: (tenantId: string, over: LeadInit = {}): KnownLead => {
      const ids = { tenantId, leadId: newId('ld'), callId: newId('ca') };
      const phone = `+1613555${String(1000 + leads.size)}`;
      const lead = {
        ...ids,
        state: LeadState.QUALIFIED,
        score: 80,
        reasons: ['left a call-back number'],
        callerName: 'Marie Roy',
        callbackNumber: phone,
        jobSummary: 'burst pipe',
        preferredDatetime: 'tomorrow at nine',
        summary: 'A pipe burst.',
        language: 'en',
        createdAt: timestampFromDate(new Date()),
        ...over,
      };
      leads.set(ids.leadId, { ...ids, lead });
      return ids;
    },
    forgetLead: (lead: KnownLead) => void leads.delete(lead.leadId),
    /** Says that the lead was qualified; the same event id twice is the same event twice, past JetStream's own dedupe. */
    qualify: async ({ tenantId, leadId, callId }: KnownLead, eventId = newId('ev')) => {
      await qualifier.publisher.publish(
        LeadQualifiedSchema,
        { leadId, callId, conversationId: 'cv_1', score: 80, reasons: ['callback_number_given', 'urgent'] },
        { tenantId, eventId },
      );
      return eventId;
    },
    dismiss: ({ tenantId, leadId, callId }: KnownLead) =>
      qualifier.publisher.publish(
        LeadDismissedSchema,
        {
          leadId,
          callId,
          conversationId: 'cv_1',
          reason: DismissalReason.SILENT_CALLER,
          explanation: 'The caller never spoke.',
        },
        { tenantId },
      ),
    deliveries: async (tenantId: string): Promise<readonly Delivery[]> =>
      (
        await gateway.rpc.ask(ListDeliveriesRequestSchema, ListDeliveriesResponseSchema, {
          tenantId,
          limit: 100,
        })
      ).deliveries,
    replay: (tenantId: string, deliveryId: string) =>
      gateway.rpc.ask(ReplayDeliveryRequestSchema, ReplayDeliveryResponseSchema, { tenantId, deliveryId }),
    /** The spans' parents of what was said, as the bus carries them. */
    traceparentsOf: (schema: DescMessage): string[] =>
      heard
        .filter(({ subject }) => subject.startsWith(`${eventName(schema)}.`))
        .map(({ traceparent }) => traceparent),
    said: <Desc extends DescMessage>(schema: Desc): MessageShape<Desc>[] =>
      heard
        .filter(({ subject }) => subject.startsWith(`${eventName(schema)}.`))
        .map(({ data }) => fromBinary(schema, data)),
    rows: async (sql: string, ...values: unknown[]) =>
      (await adminPool.query<Record<string, unknown>>(sql, values)).rows,
    stop: async () => {
      await Promise.all(running.map((service) => service.stop()));
      await adminPool.end();
      await Promise.all([gateway, qualifier, telephony].map(({ connection }) => connection.close()));
      await admin.close();
      await Promise.all([mailbox.close(), hubspot.close(), receiver.close()]);
      await Promise.all([nats.stop(), redis.stop()]);
      await database.drop();
    },
  };
};

export type NotifierUnderTest = Awaited<ReturnType<typeof startNotifier>>;

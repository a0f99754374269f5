import { fromBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { AssistantProfileChangedSchema, eventName, PhoneNumbersChangedSchema } from '@tradeline/contracts';
import { Bus, connectOnce, EventPublisher, RpcClient } from '@tradeline/messaging';
import { runService } from '@tradeline/service-runtime';
import { attachMessaging, inboxPrefixOf } from '@tradeline/messaging';
import { eventually, startNats, testDatabase } from '@tradeline/testing';
import { SIGNATURE_HEADER, signWebhook } from '@tradeline/twilio';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import pg from 'pg';
import { AppModule } from '../src/app.module.js';
import { readEnv } from '../src/env.js';
import { BridgeWatch } from '../src/integrations/bridges/bridge-watch.js';
import { NumberRoutes } from '../src/domain/number-routes.js';

export const PUBLIC_URL = 'https://phone.example';
export const AUTH_TOKEN = 'an auth token';
export const NUMBER = '+16135550100';
export const OTHER_TENANTS_NUMBER = '+15145550100';
export const INACTIVE_NUMBER = '+16135550101';
export const CALLER = '+14165550111';

export interface HttpAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

let calls = 0;

/** The form of an incoming call, a new CallSid each time. */
export const incoming = (change: Record<string, string> = {}): Record<string, string> => ({
  CallSid: `CA${(++calls).toString(16).padStart(32, '0')}`,
  AccountSid: 'AC00000000000000000000000000000001',
  From: CALLER,
  To: NUMBER,
  CallStatus: 'ringing',
  Direction: 'inbound',
  ApiVersion: '2010-04-01',
  CallerCity: '',
  ...change,
});

export const parseTwiml = (twiml: string): Record<string, unknown> => {
  if (XMLValidator.validate(twiml) !== true) throw new Error(`not XML: ${twiml}`);
  const parsed = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@' }).parse(twiml) as {
    Response: Record<string, unknown>;
  };
  return parsed.Response;
};

interface ConnectVerb {
  readonly '@action': string;
  readonly '@method': string;
  readonly Stream: {
    readonly '@url': string;
    readonly '@name': string;
    readonly '@statusCallback': string;
    readonly Parameter: { readonly '@name': string; readonly '@value': string };
  };
}

export const connectOf = (answer: HttpAnswer): ConnectVerb => {
  const { Connect } = parseTwiml(answer.body);
  if (Connect === undefined) throw new Error(`no <Connect> in ${answer.body}`);
  return Connect as ConnectVerb;
};

/** One gateway as it runs, with a database and a bus of its own and two tenants' numbers announced. */
export const startGateway = async (apiBaseUrl = 'http://127.0.0.1:9') => {
  const [database, nats] = await Promise.all([testDatabase('telephony'), startNats()]);
  const tenants = await connectOnce(nats.credentials('tenant-gateway'), 'tenants');
  const tenantBus = new Bus(tenants, 'tenant-gateway', 'tests', inboxPrefixOf('tenant-gateway'));
  const publisher = new EventPublisher(tenantBus);
  const announce = async (
    tenantId: string,
    numbers: { number: string; active: boolean }[],
    languages: string[],
  ) => {
    await publisher.publish(
      PhoneNumbersChangedSchema,
      { numbers: numbers.map((n) => ({ ...n, label: '' })) },
      { tenantId },
    );
    const profile = { businessName: `Business ${tenantId}`, languages };
    await publisher.publish(AssistantProfileChangedSchema, profile, { tenantId });
  };
  await announce(
    'tn_a',
    [
      { number: NUMBER, active: true },
      { number: INACTIVE_NUMBER, active: false },
    ],
    ['fr-CA'],
  );
  await announce('tn_b', [{ number: OTHER_TENANTS_NUMBER, active: true }], ['en-CA']);

  const admin = await connectOnce(nats.admin, 'witness');
  const heard: { subject: string; data: Uint8Array; eventId: string; traceparent: string }[] = [];
  admin.subscribe('calls.>', {
    callback: (_, { subject, data, headers }) => {
      heard.push({
        subject,
        data,
        eventId: headers?.get('Nats-Msg-Id') ?? '',
        traceparent: headers?.get('traceparent') ?? '',
      });
    },
  });

  const env = readEnv({
    ...nats.credentials('telephony-gateway'),
    DATABASE_URL: database.serviceUrl,
    RELAY_DATABASE_URL: database.relayUrl,
    MASTER_KEY: database.masterKey,
    PUBLIC_URL,
    TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000001',
    TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    TWILIO_API_BASE_URL: apiBaseUrl,
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    INSTANCE_ID: 'gw1',
  });
  const service = await runService({
    name: 'telephony-gateway',
    module: AppModule.for(env),
    env,
    configure: attachMessaging,
  });
  const ownerPool = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });

  const post = async (
    path: string,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<HttpAnswer> => {
    const signature = signWebhook(AUTH_TOKEN, `${PUBLIC_URL}${path}`, form);
    const response = await fetch(`${service.url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        [SIGNATURE_HEADER]: signature,
        ...headers,
      },
      body: new URLSearchParams(form),
    });
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      body: await response.text(),
    };
  };

  return {
    service,
    nats,
    database,
    announce,
    post,
    routes: service.app.get(NumberRoutes, { strict: false }),
    rpc: new RpcClient(tenantBus),
    /** Posts to an address that our own TwiML named. */
    postTo: (address: string, form: Record<string, string>) => {
      const { pathname, search } = new URL(address);
      return post(`${pathname}${search}`, form);
    },
    rows: async (sql: string, ...values: unknown[]) =>
      (await ownerPool.query<Record<string, unknown>>(sql, values)).rows,
    /** What was published of one kind, as far as it concerns one call. */
    events: <Desc extends DescMessage>(
      schema: Desc,
      callSid?: string,
    ): (MessageShape<Desc> & { subject: string; eventId: string; traceparent: string })[] =>
      heard
        .filter(({ subject }) => subject.startsWith(`${eventName(schema)}.`))
        .map(({ data, ...rest }) => ({ ...fromBinary(schema, data), ...rest }))
        .filter((event) => callSid === undefined || (event as { callSid?: string }).callSid === callSid),
    untilBridgesAre: (instances: readonly string[]) =>
      eventually(() => {
        const withRoom = service.app.get(BridgeWatch, { strict: false }).fleet.withRoom(performance.now());
        if ([...withRoom].sort().join() !== [...instances].sort().join())
          throw new Error(`bridges with room: ${withRoom.join()}`);
      }),
    stop: async () => {
      await service.stop();
      await ownerPool.end();
      await Promise.all([tenants.close(), admin.close()]);
      await nats.stop();
      await database.drop();
    },
  };
};

export type GatewayUnderTest = Awaited<ReturnType<typeof startGateway>>;

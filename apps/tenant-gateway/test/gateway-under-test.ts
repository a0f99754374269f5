import '@tradeline/service-runtime/telemetry';
import { Controller, Module, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  GetCallRequestSchema,
  GetCallResponseSchema,
  GetLeadRequestSchema,
  GetLeadResponseSchema,
  GetTranscriptRequestSchema,
  GetTranscriptResponseSchema,
  FieldName,
  LeadCategory,
  LeadState,
  ListCallsRequestSchema,
  ListCallsResponseSchema,
  Speaker,
  type GetCallRequest,
  type GetLeadRequest,
  type GetTranscriptRequest,
  type ListCallsRequest,
  type ServiceName,
} from '@tradeline/contracts';
import { attachMessaging, MessagingModule, NotFound, OnRequest, RpcRefused } from '@tradeline/messaging';
import { Runtime, RuntimeModule, runService } from '@tradeline/service-runtime';
import { startNats, testDatabase } from '@tradeline/testing';
import { AppModule } from '../src/app.module.js';
import { configure } from '../src/configure.js';
import { readEnv } from '../src/env.js';

export const OPERATOR_TOKEN = 'operator-token-of-the-tests';

export type TestNats = Awaited<ReturnType<typeof startNats>>;
export type TestDatabase = Awaited<ReturnType<typeof testDatabase>>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // The API's answers are JSON of many shapes; the tests say what they expect of each.
  readonly body: Record<string, unknown>;
}

/** The service on real servers, as a program from outside sees it. */
export class Gateway {
  private constructor(
    readonly nats: TestNats,
    readonly db: TestDatabase,
    private readonly service: Awaited<ReturnType<typeof runService>>,
  ) {}

  static async start(extra: Readonly<Record<string, string>> = {}): Promise<Gateway> {
    const [nats, db] = [await startNats(), await testDatabase('tenants')];
    const env = readEnv({
      ...nats.credentials('tenant-gateway'),
      DATABASE_URL: db.serviceUrl,
      RELAY_DATABASE_URL: db.relayUrl,
      MASTER_KEY: db.masterKey,
      OPERATOR_TOKEN,
      PUBLIC_URL: 'https://tradeline.example',
      LOG_LEVEL: 'silent',
      ...extra,
    });
    const service = await runService({ name: 'tenant-gateway', module: AppModule.for(env), env, configure });
    return new Gateway(nats, db, service);
  }

  get url(): string {
    return this.service.url;
  }

  async ask(
    method: string,
    path: string,
    key?: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('Content-Type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? (JSON.parse(text) as Record<string, unknown>) : { text },
    };
  }

  /** @returns the key of a new tenant. */
  async createTenant(name: string, tenantId: string): Promise<string> {
    const { body } = await this.ask('POST', '/operator/tenants', OPERATOR_TOKEN, { name, tenantId });
    return String(body['apiKey']);
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await this.db.drop();
    await this.nats.stop();
  }
}

/** Answers of the owners of calls and leads, for the tenant tn_a and the call ca_1. */
const isKnown = ({ tenantId, callId }: { tenantId: string; callId: string }): boolean =>
  tenantId === 'tn_a' && callId === 'ca_1';

@Controller()
class Telephony {
  @OnRequest(GetCallRequestSchema, GetCallResponseSchema)
  async get(request: GetCallRequest) {
    if (!isKnown(request)) throw new NotFound();
    return {
      call: {
        callId: 'ca_1',
        callSid: 'CA1',
        state: 'completed',
        durationMs: 61_000n,
        fromNumber: '+16135550111',
      },
    };
  }

  @OnRequest(ListCallsRequestSchema, ListCallsResponseSchema)
  async list({ tenantId, limit, cursor }: ListCallsRequest) {
    if (cursor === 'nonsense') throw new RpcRefused('invalid', 'not a cursor of ours');
    const calls = tenantId === 'tn_a' ? ['ca_3', 'ca_2', 'ca_1'] : [];
    const from = cursor ? calls.indexOf(cursor) : 0;
    const shown = calls.slice(from, from + limit);
    return { calls: shown.map((callId) => ({ callId })), nextCursor: calls[from + limit] ?? '' };
  }
}

@Controller()
class Leads {
  @OnRequest(GetLeadRequestSchema, GetLeadResponseSchema)
  async get(request: GetLeadRequest) {
    if (request.leadId !== 'ld_1' && !isKnown(request)) throw new NotFound();
    if (request.tenantId !== 'tn_a') throw new NotFound();
    return {
      lead: {
        leadId: 'ld_1',
        callId: 'ca_1',
        state: LeadState.QUALIFIED,
        category: LeadCategory.LEAD_CAPTURE,
        score: 80,
        callerName: 'Marie',
        createdAt: timestampFromDate(new Date('2026-11-22T10:00:00Z')),
      },
    };
  }

  @OnRequest(GetTranscriptRequestSchema, GetTranscriptResponseSchema)
  async transcript(request: GetTranscriptRequest) {
    if (!isKnown(request)) throw new NotFound();
    return {
      complete: true,
      lines: [{ seq: 1, speaker: Speaker.CALLER, text: 'Hello', startedAtMs: 1_200n }],
      fields: [{ name: FieldName.CALLER_NAME, value: 'Marie', utteranceSeq: 1 }],
    };
  }
}

export const answerAs = async (
  nats: TestNats,
  service: ServiceName,
  controller: Type<unknown>,
): Promise<INestApplication> => {
  class Owner {}
  const env = { ...nats.credentials(service), INSTANCE_ID: 'stub' };
  Module({
    imports: [RuntimeModule.for(new Runtime('stub')), MessagingModule.forRoot({ service, env })],
    controllers: [controller],
  })(Owner);
  const app = await NestFactory.create(Owner, { logger: false });
  await attachMessaging(app);
  return app;
};

/** Stands in for the owner of calls. */
export const answerAsTelephony = (nats: TestNats) => answerAs(nats, 'telephony-gateway', Telephony);

/** Stands in for the owner of leads. */
export const answerAsLeads = (nats: TestNats) => answerAs(nats, 'lead-qualifier', Leads);

/** Somebody of another service on the bus. */
export const joinAs = (nats: TestNats, service: ServiceName) => {
  @Controller()
  class Silent {}
  return answerAs(nats, service, Silent);
};

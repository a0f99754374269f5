import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  AssistantProfileChangedSchema,
  type BridgeHeartbeat,
  ConversationEndedSchema,
  ConversationResult,
  ConversationStartedSchema,
  eventName,
  FieldCapturedSchema,
  FieldName,
  ReserveRequestSchema,
  ReserveResponseSchema,
  Speaker,
  UtteranceTranscribedSchema,
} from '@tradeline/contracts';
import {
  attachMessaging,
  Bus,
  connectOnce,
  EventPublisher,
  inboxPrefixOf,
  Presence,
  RpcClient,
} from '@tradeline/messaging';
import { type RunningService, runService } from '@tradeline/service-runtime';
import {
  createSpeech,
  eventually,
  FakePhone,
  FakeTwilio,
  FRAME_BYTES,
  PhraseBook,
  type PhoneCall,
  type RunningFakeOpenAi,
  type Speech,
  startFakeOpenAi,
  startNats,
  type TestNats,
} from '@tradeline/testing';
import { AppModule } from '../src/app.module.js';
import { PHRASE_NAMES } from '../src/domain/phrases.js';
import { Assistants } from '../src/domain/assistant-profile.js';
import { PhraseMemory } from '../src/integrations/phrases/phrase-memory.js';
import { readEnv } from '../src/env.js';
import { StreamDoor } from '../src/features/bridge-call/stream-door.js';
import { TellPresence } from '../src/features/tell-presence/tell-presence.js';

// Conversations at the pace of speech.
jest.setTimeout(60_000);

const AUTH_TOKEN = 'f00dfeedf00dfeedf00dfeedf00dfeed';
const TENANT = 'tn_rideau';
const natural = createSpeech();
/** Everybody speaks twice as fast as people do: every other frame of what they would say. */
const speech: Speech = {
  ...natural,
  speak: async (...words) => {
    const audio = Buffer.from(await natural.speak(...words));
    const frames = Array.from({ length: Math.ceil(audio.length / FRAME_BYTES / 2) }, (_, i) =>
      audio.subarray(2 * i * FRAME_BYTES, (2 * i + 1) * FRAME_BYTES),
    );
    return Buffer.concat(frames);
  },
};
const phraseBook = new PhraseBook();

interface Said {
  readonly id: string;
  readonly name: string;
  readonly data: Uint8Array;
  readonly traceparent: string;
}

interface SpanLine {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

let traces: string;
let nats: TestNats;
let model: RunningFakeOpenAi;
let service: RunningService;
let webhooks: Server;
let network: FakeTwilio;
let gateway: RpcClient;
const closings: (() => Promise<unknown>)[] = [];
const said: Said[] = [];
const heartbeats: BridgeHeartbeat[] = [];

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const busOf = async (name: 'tenant-gateway' | 'telephony-gateway'): Promise<Bus> => {
  const connection = await connectOnce(nats.credentials(name), name);
  closings.push(() => connection.close());
  return new Bus(connection, name, 'test', inboxPrefixOf(name));
};

const startBridge = async (instance: string): Promise<RunningService> => {
  const port = await freePort();
  const env = readEnv({
    ...nats.credentials('realtime-bridge'),
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    TWILIO_AUTH_TOKEN: AUTH_TOKEN,
    STREAM_TOKEN_SECRET: 'a secret that all bridges share',
    OPENAI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: model.baseUrl,
    INSTANCE_ID: instance,
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
  });
  return runService({
    name: 'realtime-bridge',
    env,
    module: AppModule.with(env),
    configure: async (app) => {
      app.get(StreamDoor).guard(app.getHttpServer());
      await attachMessaging(app);
      app.get(TellPresence).begin();
    },
  });
};

/** Waits until a bridge can say all its phrases by itself. */
const prepared = ({ app }: RunningService): Promise<void> =>
  eventually(
    () => {
      const profile = app.get(Assistants, { strict: false }).of(TENANT);
      const memory = app.get(PhraseMemory, { strict: false });
      if (!profile) throw new Error('the tenant is not known');
      for (const phrase of PHRASE_NAMES)
        for (const language of profile.languages)
          if (!memory.of(profile, language, phrase)) throw new Error(`${phrase} is not prepared`);
    },
    { timeoutMs: 30_000 },
  );

/** Telephony's part: reserves on the instance; the TwiML that leads there. */
const reserve = async (
  call: { callSid: string; from?: string | null; to?: string | null },
  bridge: string,
  handovers: number,
): Promise<string> => {
  const { callSid } = call;
  const { streamUrl, streamToken } = await gateway.ask(
    ReserveRequestSchema,
    ReserveResponseSchema,
    {
      tenantId: TENANT,
      callId: `ca_${callSid}`,
      callSid,
      conversationId: `cv_${callSid}`,
      fromNumber: call.from ?? '',
      toNumber: call.to ?? '',
      webhookReceivedAt: timestampNow(),
      handovers,
    },
    { subjectSuffix: bridge },
  );
  return `<Response><Connect><Stream url="${streamUrl}"><Parameter name="token" value="${streamToken}"/></Stream></Connect></Response>`;
};

const startWebhooks = async (): Promise<void> => {
  webhooks = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      if (request.url !== '/twilio/voice') return void response.writeHead(204).end();
      const form = new URLSearchParams(body);
      const callSid = form.get('CallSid') ?? '';
      void reserve({ callSid, from: form.get('From'), to: form.get('To') }, 'bridge1', 0).then((twiml) =>
        response.writeHead(200, { 'content-type': 'text/xml' }).end(twiml),
      );
    });
  });
  await new Promise<void>((resolve) => webhooks.listen(0, '127.0.0.1', resolve));
  network = new FakeTwilio({
    authToken: AUTH_TOKEN,
    publicUrl: `http://127.0.0.1:${(webhooks.address() as AddressInfo).port}`,
  });
};

const spans = async (): Promise<SpanLine[]> => {
  const files = await readdir(traces);
  const texts = await Promise.all(files.map((file) => readFile(join(traces, file), 'utf8')));
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as SpanLine),
  );
};

beforeAll(async () => {
  traces = await mkdtemp(join(tmpdir(), 'bridge-traces-'));
  process.env['TRACES_DIR'] = traces;
  await import('@tradeline/service-runtime/telemetry');
  nats = await startNats();
  model = await startFakeOpenAi({
    speech,
    phraseBook,
    toolStyle: 'calls-only',
    delays: { connectMs: 50, firstAudioMs: 80, transcriptionMs: 200 },
  });
  await new EventPublisher(await busOf('tenant-gateway')).publish(
    AssistantProfileChangedSchema,
    {
      businessName: 'Rideau',
      languages: ['en-CA', 'fr-CA'],
      region: 'CA',
      greetings: { 'en-CA': 'Rideau, AI assistant speaking.' },
    },
    { tenantId: TENANT },
  );
  const telephony = await busOf('telephony-gateway');
  gateway = new RpcClient(telephony);
  new Presence(telephony).hear((heartbeat) => heartbeats.push(heartbeat));
  const witness = await connectOnce(nats.admin, 'witness');
  closings.push(() => witness.close());
  witness.subscribe('conversations.>', {
    callback: (_, { subject, data, headers }) => {
      // As the stream does: what is published again under the same id is the same.
      const id = headers?.get('Nats-Msg-Id') ?? '';
      if (said.some((known) => known.id === id)) return;
      said.push({
        id,
        name: subject.split('.').slice(0, -1).join('.'),
        data,
        traceparent: headers?.get('traceparent') ?? '',
      });
    },
  });
  service = await startBridge('bridge1');
  await prepared(service);
  await startWebhooks();
});

afterAll(async () => {
  await network?.hangUpAll();
  await service?.stop();
  await model?.close();
  webhooks?.closeAllConnections();
  webhooks?.close();
  for (const close of closings) await close();
  await nats?.stop();
  await rm(traces, { recursive: true, force: true });
});

const eventsOf = <T extends { conversationId: string }>(
  schema: Parameters<typeof eventName>[0],
  call: PhoneCall,
): T[] =>
  said
    .filter(({ name }) => name === eventName(schema))
    .map(({ data }) => fromBinary(schema, data) as unknown as T)
    .filter(({ conversationId }) => conversationId === `cv_${call.callSid}`);

const voice = async (text: string): Promise<Uint8Array> => {
  const audio = await speech.speak(text, 'en', 'caller');
  phraseBook.register(text, 'en', audio);
  return audio;
};

const dial = (): PhoneCall =>
  new FakePhone({ network, number: '+16135550142', recogniser: phraseBook }).dial('+16135550100');

describe('a call through the whole service', () => {
  it('is greeted at once from what was prepared, while the model has yet to connect', async () => {
    model.control.setDelays({ connectMs: 3_000 });
    const call = dial();
    const { atMs } = await new Promise<{ atMs: number }>((resolve) =>
      call.once('assistantSpeaking', resolve),
    );
    expect(model.control.openSessions()).toBe(0);
    expect(atMs).toBeLessThan(2_000);
    await eventually(() =>
      expect(call.heard[0]).toMatchObject({ text: 'Rideau, AI assistant speaking.', exact: true }),
    );
    model.control.setDelays({ connectMs: 50 });
    call.hangUp();
    await call.ended;
  });

  it('is greeted, understood, remembered and said on the bus', async () => {
    const lines = ['My name is Marie Tremblay.', 'Bye.'];
    const voices = await Promise.all(lines.map(voice));
    const call = dial();
    call.on('assistantFinished', () => {
      const next = voices.shift();
      if (next) void call.say(next);
    });
    expect(await call.ended).toBeDefined();

    const ended = await eventually(() => {
      const [event] = eventsOf<
        { conversationId: string } & ReturnType<typeof fromBinary<typeof ConversationEndedSchema>>
      >(ConversationEndedSchema, call);
      if (!event) throw new Error('not ended');
      return event;
    });
    expect(ended).toMatchObject({
      result: ConversationResult.COMPLETED,
      reason: 'assistant_said_goodbye',
      language: 'en-CA',
      adapter: 'openai-realtime',
    });
    expect(ended.fields).toMatchObject([
      { name: FieldName.CALLER_NAME, value: 'Marie Tremblay', utteranceSeq: 2 },
    ]);
    expect(ended.timings?.turns).toHaveLength(2);
    expect(ended.timings?.handshakeMs).toBeGreaterThan(0);
    expect(Number(ended.talkTimeMs)).toBeGreaterThan(500);

    const utterances = eventsOf<ReturnType<typeof fromBinary<typeof UtteranceTranscribedSchema>>>(
      UtteranceTranscribedSchema,
      call,
    );
    expect(utterances.map(({ seq }) => seq)).toEqual(
      Array.from({ length: ended.lastUtteranceSeq }, (_, i) => i + 1),
    );
    expect(utterances.filter(({ speaker }) => speaker === Speaker.CALLER).map(({ text }) => text)).toEqual(
      lines,
    );
    // What the bus says the caller heard is what reached the caller's ear.
    expect(utterances.filter(({ speaker }) => speaker === Speaker.ASSISTANT).map(({ text }) => text)).toEqual(
      call.heard.map(({ text }) => text),
    );
    expect(call.heard.every(({ exact }) => exact)).toBe(true);
    expect(eventsOf(ConversationStartedSchema, call)).toHaveLength(1);
    expect(eventsOf(FieldCapturedSchema, call)).toHaveLength(1);
    expect(model.control.sessions().at(-1)?.refused).toHaveLength(0);
    await eventually(() => expect(model.control.openSessions()).toBe(0));
  });

  it('hears exactly what the caller says while the model is still away', async () => {
    model.control.setDelays({ connectMs: 2_500 });
    const words = 'Hello, is anybody there?';
    const sound = await voice(words);
    const call = dial();
    // The stream is there by then, and the model is not.
    await eventually(() => expect(call.atMs).toBeGreaterThan(500));
    void call.say(sound);
    await eventually(() =>
      expect(
        eventsOf<{ conversationId: string; text: string }>(UtteranceTranscribedSchema, call).map(
          ({ text }) => text,
        ),
      ).toContain(words),
    );
    model.control.setDelays({ connectMs: 50 });
    call.hangUp();
    await call.ended;
    expect(model.control.sessions().at(-1)?.heard[0]).toEqual({ text: words, exact: true });
  });

  it('stops speaking when the caller does, and remembers only what was heard', async () => {
    const call = dial();
    await new Promise<void>((resolve) => call.once('assistantSpeaking', () => resolve()));
    const interruption = await voice('Wait, sorry, one thing.');
    await eventually(() => expect(call.network.media.playout.playedBytes).toBeGreaterThan(2_000));
    await call.say(interruption);
    await eventually(() => expect(call.heard[0]).toMatchObject({ cutOff: true }));
    await eventually(() =>
      expect(eventsOf(UtteranceTranscribedSchema, call).length).toBeGreaterThanOrEqual(2),
    );
    call.hangUp();
    await call.ended;
    const [greeting] = eventsOf<{ conversationId: string; text: string; interrupted: boolean }>(
      UtteranceTranscribedSchema,
      call,
    );
    expect(greeting?.interrupted).toBe(true);
    expect('Rideau, AI assistant speaking.').toContain(greeting?.text);
    expect(model.control.sessions().at(-1)?.refused).toHaveLength(0);
  });

  it("goes on when the model's session dies, and is over with a verdict when no other can be opened", async () => {
    const call = dial();
    await new Promise<void>((resolve) => call.once('assistantSpeaking', () => resolve()));
    const before = model.control.sessions().length;
    model.control.cutSessions();
    await eventually(() => expect(model.control.sessions()).toHaveLength(before + 1));
    expect(eventsOf(ConversationEndedSchema, call)).toEqual([]);
    model.control.fail({ name: 'connect-refused' });
    model.control.cutSessions();
    await call.ended;
    model.control.heal();
    expect(call.heard.at(-1)?.text).toMatch(/^I am sorry, please call again/);
    await eventually(() =>
      expect(eventsOf(ConversationEndedSchema, call)).toMatchObject([
        { result: ConversationResult.UPSTREAM_ERROR, reason: 'model_connect_failed' },
      ]),
    );
  });

  it('goes on at another bridge, and the first one, which still lives, says nothing more', async () => {
    const sessions = model.control.sessions().length;
    const next = await startBridge('bridge2');
    closings.unshift(() => next.stop());
    // What the first has made is there for the second.
    await prepared(next);
    expect(model.control.sessions()).toHaveLength(sessions);
    const call = dial();
    const [name, bye] = await Promise.all(['My name is Marie Tremblay.', 'Bye.'].map(voice));
    call.once('assistantFinished', () => void call.say(name ?? new Uint8Array()));
    await eventually(() => expect(eventsOf(FieldCapturedSchema, call)).toHaveLength(1), {
      timeoutMs: 30_000,
    });
    call.network.redirect({ kind: 'given', twiml: await reserve(call, 'bridge2', 1) });
    await eventually(
      () =>
        expect(call.heard.map(({ text }) => text)).toContainEqual(
          expect.stringMatching(/^Sorry, we were cut off for a moment\./),
        ),
      { timeoutMs: 15_000 },
    );
    await call.say(bye ?? new Uint8Array());
    await call.ended;
    const [ended, ...others] = await eventually(() => {
      const all = eventsOf<ReturnType<typeof fromBinary<typeof ConversationEndedSchema>>>(
        ConversationEndedSchema,
        call,
      );
      if (all.length === 0) throw new Error('not ended');
      return all;
    });
    expect(others).toEqual([]);
    expect(ended).toMatchObject({ result: ConversationResult.COMPLETED, timings: { takeovers: 1 } });
    expect(ended?.fields.map(({ name: field, value }) => [field, value])).toEqual([
      [FieldName.CALLER_NAME, 'Marie Tremblay'],
    ]);
    expect(
      eventsOf<{ conversationId: string; seq: number }>(UtteranceTranscribedSchema, call).map(
        ({ seq }) => seq,
      ),
    ).toEqual(Array.from({ length: ended?.lastUtteranceSeq ?? 0 }, (_, i) => i + 1));
    expect(eventsOf(ConversationStartedSchema, call)).toHaveLength(1);
    // The new session was told the history, and asked for nothing that was known.
    const session = model.control.sessions().at(-1);
    expect(session?.refused).toHaveLength(0);
    expect(session?.said.join(' ')).toMatch(/number/i);
    expect(session?.said.join(' ')).not.toMatch(/your name/i);
  });

  it('is one trace of named spans, short ones, from its reservation to what it said on the bus', async () => {
    const closings = await eventually(async () => {
      const found = (await spans()).filter(({ name }) => name === 'close');
      if (found.length < 4) throw new Error('not all calls are in the file');
      return found;
    });
    const all = await spans();
    const first = closings.find(({ attributes }) => attributes['reason'] === 'assistant_said_goodbye');
    const trace = all.filter(({ traceId }) => traceId === first?.traceId);
    const childrenOf = (parent: string): string[] => {
      const ids = trace.filter(({ name }) => name === parent).map(({ spanId }) => spanId);
      return trace
        .filter(({ parentSpanId }) => parentSpanId !== null && ids.includes(parentSpanId))
        .map(({ name }) => name);
    };
    expect(childrenOf('answer rpc.bridge.v1.reserve')).toContain('reserve');
    expect(childrenOf('reserve')).toEqual(expect.arrayContaining(['model session open', 'media stream']));
    expect(childrenOf('media stream')).toEqual(
      expect.arrayContaining(['turn 1', 'turn 2', 'close', 'publish conversations.v1.ConversationStarted']),
    );
    expect(childrenOf('turn 1')).toEqual(
      expect.arrayContaining(['tool capture_field', 'publish conversations.v1.FieldCaptured']),
    );
    expect(childrenOf('close')).toContain('publish conversations.v1.ConversationEnded');
    expect(said.every(({ traceparent }) => /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/.test(traceparent))).toBe(true);
    expect(JSON.stringify(all)).not.toMatch(/Marie|Tremblay|6135550142/);
  });

  it('leaves a bridge that tells that it lives and is fit for work', async () => {
    await eventually(() =>
      expect(heartbeats.at(-1)).toMatchObject({
        instance: 'bridge1',
        activeCalls: 0,
        capacity: 400,
        full: false,
        draining: false,
      }),
    );
    const readiness = await fetch(`${service.url}/health/ready`);
    expect(readiness.status).toBe(200);
  });
});

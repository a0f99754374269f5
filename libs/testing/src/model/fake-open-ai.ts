import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { PhraseBook } from '../speech/phrase-book.js';
import type { DialogueItem } from './dialogue/dialogue-turn.js';
import { ControlEndpoint } from './control-endpoint.js';
import { ModelWorld } from './model-world.js';
import type { Fault } from './faults.js';
import type { FakeOpenAiOptions, ModelDelays, ToolStyle } from './options.js';
import { planResponse } from './realtime/response-plan.js';
import { RealtimeDoor } from './realtime/realtime-door.js';
import type { SessionRecord } from './realtime/session-record.js';
import { ModelsEndpoint } from './responses/models-endpoint.js';
import { ResponsesEndpoint } from './responses/responses-endpoint.js';

export interface FakeOpenAiControl {
  /** What the model can hear; whoever speaks to it registers here. */
  readonly phraseBook: PhraseBook;
  setDelays(delays: Partial<ModelDelays>): void;
  setToolStyle(style: ToolStyle): void;
  setAudioSpeed(timesRealTime: number): void;
  /** Puts these faults in force besides those that are. */
  fail(...faults: Fault[]): void;
  heal(): void;
  /** Sessions in the order of their opening, the newest last; the oldest are forgotten beyond fifty. */
  sessions(): readonly SessionRecord[];
  /** What the newest open session remembers of its conversation, in its order; of speech, the words that were not cut off. */
  remembered(): readonly DialogueItem[];
  /** How many sockets are open now. */
  openSessions(): number;
  /** Ends all open sessions as the hosted API does at their time limit. */
  expireSessions(): void;
  /** Cuts all open sockets without a close frame. */
  cutSessions(): void;
}

export interface FakeOpenAi {
  /** Answers a request whose path ends in one of ours; false when it is not for us. */
  handleHttp(request: IncomingMessage, response: ServerResponse): boolean;
  /** Takes over a socket's request whose path ends in `/v1/realtime`; false when it is not for us. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  close(): Promise<void>;
  readonly control: FakeOpenAiControl;
}

/**
 * The OpenAI API as far as a receptionist needs it: `GET <prefix>/v1/realtime` (WebSocket, GA protocol),
 * `POST <prefix>/v1/responses`, `GET <prefix>/v1/models`, and for tests `GET|PUT <prefix>/_control`.
 * Mounts under any prefix.
 */
export function createFakeOpenAi(options: FakeOpenAiOptions = {}): FakeOpenAi {
  const world = new ModelWorld(options);
  const door = new RealtimeDoor(world);
  const control = controlOf(world, door);
  const endpoints = [
    new ResponsesEndpoint(world),
    new ModelsEndpoint(world),
    new ControlEndpoint(world, control),
  ];
  return {
    control,
    handleHttp: (request, response) => endpoints.some((endpoint) => endpoint.handle(request, response)),
    handleUpgrade: (request, socket, head) => door.handleUpgrade(request, socket, head),
    close: async () => {
      for (const endpoint of endpoints) endpoint.close();
      await door.close();
    },
  };
}

export interface RunningFakeOpenAi extends FakeOpenAi {
  /** `http://127.0.0.1:<port>/v1`, what `OPENAI_BASE_URL` is set to. */
  readonly baseUrl: string;
  /** `ws://127.0.0.1:<port>/v1/realtime`. */
  readonly realtimeUrl: string;
}

/** Serves a fake on a free loopback port. */
export async function startFakeOpenAi(options: FakeOpenAiOptions = {}): Promise<RunningFakeOpenAi> {
  const fake = createFakeOpenAi(options);
  const server = createServer((request, response) => {
    if (!fake.handleHttp(request, response)) response.writeHead(404).end();
  });
  server.on('upgrade', (request, socket, head) => {
    if (!fake.handleUpgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...fake,
    baseUrl: `http://127.0.0.1:${port}/v1`,
    realtimeUrl: `ws://127.0.0.1:${port}/v1/realtime`,
    close: async () => {
      await fake.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function controlOf(world: ModelWorld, door: RealtimeDoor): FakeOpenAiControl {
  return {
    phraseBook: world.phraseBook,
    setDelays: (delays) => void Object.assign(world.delays, delays),
    setToolStyle: (style) => {
      world.toolStyle = style;
    },
    setAudioSpeed: (timesRealTime) => {
      world.audioSpeed = timesRealTime;
    },
    fail: (...faults) => {
      for (const fault of faults) world.faults.add(fault);
    },
    heal: () => world.faults.replace([]),
    sessions: () => door.records,
    remembered: () => {
      const session = [...door.openSessions].at(-1);
      return session ? planResponse(session.config, session.conversation.list()).context.items : [];
    },
    openSessions: () => door.openSessions.size,
    expireSessions: () => {
      for (const session of door.openSessions) session.expire();
    },
    cutSessions: () => {
      for (const session of door.openSessions) session.cut();
    },
  };
}

import { createServer, STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { z } from 'zod';
import { readJson, sendJson } from '../model/http-answers.js';
import { parseQuery } from './connection-query.js';
import { MultiStreamSocket, type SpeechSocketRecord } from './multi-stream-socket.js';
import {
  SPEECH_FAULT_NAMES,
  type FakeElevenLabsOptions,
  type SpeechDelays,
  type SpeechFault,
} from './options.js';
import { REFUSED, SpeechRefusal } from './refusal.js';
import { SpeechWorld } from './speech-world.js';

const RECORDS_LIMIT = 50;
const MESSAGE_LIMIT_BYTES = 1024 * 1024;
const PATH = /^\/v1\/text-to-speech\/([^/]+)\/multi-stream-input$/u;
const MS = z.number().min(0).exactOptional();
const CHANGE = z.strictObject({
  delays: z.strictObject({ connectMs: MS, firstAudioMs: MS, finalMs: MS }).optional(),
  /** Replaces the faults in force; an empty list heals. */
  faults: z
    .array(z.strictObject({ name: z.enum(SPEECH_FAULT_NAMES), times: z.int().min(1).exactOptional() }))
    .optional(),
  audioSpeed: z.number().positive().optional(),
});

export interface FakeElevenLabsControl {
  setDelays(delays: Partial<SpeechDelays>): void;
  setAudioSpeed(timesRealTime: number): void;
  /** Puts these faults in force besides those that are. */
  fail(...faults: SpeechFault[]): void;
  heal(): void;
  /** Sockets in the order of their opening; the oldest are forgotten beyond fifty. */
  sockets(): readonly SpeechSocketRecord[];
  openSockets(): number;
  /** Contexts that are open or closing, on all sockets. */
  openContexts(): number;
  /** Cuts all open sockets without a close frame. */
  cutSockets(): void;
}

export interface FakeElevenLabs {
  /** `GET|PUT <prefix>/_control`; false when the request is not for us. */
  handleHttp(request: IncomingMessage, response: ServerResponse): boolean;
  /** Takes over `<prefix>/v1/text-to-speech/{voice_id}/multi-stream-input`; false when the request is not for us. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  close(): Promise<void>;
  readonly control: FakeElevenLabsControl;
}

/**
 * ElevenLabs as far as a phone call needs it: the multi-context streaming socket of its text to speech, telephone audio only.
 * Shapes are those of the official client library. What it does where that says nothing (names of refusals, that a flush of
 * an unknown context makes one, that a closing context counts) is taken from its users' reports, and is weaker evidence.
 */
export function createFakeElevenLabs(options: FakeElevenLabsOptions = {}): FakeElevenLabs {
  const world = new SpeechWorld(options);
  const prefix = options.prefix ?? '';
  const open = new Set<MultiStreamSocket>();
  const records: SpeechSocketRecord[] = [];
  const held = new Set<Duplex>();
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_LIMIT_BYTES,
    perMessageDeflate: false,
  });

  const welcome = (client: WebSocket, voiceId: string, request: IncomingMessage, url: URL): void => {
    try {
      const query = parseQuery(url.searchParams);
      const key = request.headers['xi-api-key'];
      if (typeof key !== 'string' || key === '' || (world.apiKey !== undefined && key !== world.apiKey))
        throw new SpeechRefusal('invalid_api_key', 'Invalid API key');
      if (!world.hasVoice(voiceId))
        throw new SpeechRefusal(
          'voice_id_does_not_exist',
          `A voice with voice_id ${voiceId} does not exist.`,
        );
      const socket = new MultiStreamSocket(client, voiceId, query, world);
      open.add(socket);
      client.on('close', () => open.delete(socket));
      records.push(socket.record);
      if (records.length > RECORDS_LIMIT) records.shift();
    } catch (error) {
      if (!(error instanceof SpeechRefusal)) throw error;
      client.on('error', () => undefined);
      client.send(JSON.stringify({ message: error.message, error: error.error, code: REFUSED }));
      client.close(REFUSED, error.message.slice(0, 120));
    }
  };

  const control: FakeElevenLabsControl = {
    setDelays: (delays) => void Object.assign(world.delays, delays),
    setAudioSpeed: (timesRealTime) => {
      world.audioSpeed = timesRealTime;
    },
    fail: (...faults) => world.fail(...faults),
    heal: () => world.heal(),
    sockets: () => records,
    openSockets: () => open.size,
    openContexts: () => [...open].reduce((sum, socket) => sum + socket.openContexts, 0),
    cutSockets: () => {
      for (const socket of open) socket.cut();
    },
  };

  const change = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const wanted = CHANGE.safeParse(await readJson(request).catch(() => undefined));
    if (!wanted.success) return sendJson(response, 400, { error: z.prettifyError(wanted.error) });
    const { delays, faults, audioSpeed } = wanted.data;
    if (delays) control.setDelays(delays);
    if (faults) {
      world.heal();
      world.fail(...faults);
    }
    if (audioSpeed !== undefined) control.setAudioSpeed(audioSpeed);
    show(response);
  };
  const show = (response: ServerResponse): void =>
    sendJson(response, 200, { delays: world.delays, audioSpeed: world.audioSpeed, sockets: records });

  return {
    control,
    handleHttp: (request, response) => {
      if (urlOf(request).pathname !== `${prefix}/_control`) return false;
      if (request.method === 'PUT') void change(request, response);
      else show(response);
      return true;
    },
    handleUpgrade: (request, socket, head) => {
      const url = urlOf(request);
      const voiceId = url.pathname.startsWith(prefix) && PATH.exec(url.pathname.slice(prefix.length))?.[1];
      if (!voiceId) return false;
      socket.on('error', () => socket.destroy());
      held.add(socket);
      socket.on('close', () => held.delete(socket));
      if (world.take('connect-refused')) socket.destroy();
      else if (!world.take('connect-hangs'))
        world.clock.after(world.delays.connectMs, () => {
          if (socket.destroyed) return;
          if (world.take('connect-unauthorized')) return turnAway(socket, 401);
          if (world.take('connect-busy')) return turnAway(socket, 429);
          server.handleUpgrade(request, socket, head, (client) => welcome(client, voiceId, request, url));
        });
      return true;
    },
    close: async () => {
      for (const socket of open) socket.cut();
      for (const socket of held) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface RunningFakeElevenLabs extends FakeElevenLabs {
  /** `http://127.0.0.1:<port>`, what `ELEVENLABS_BASE_URL` is set to. */
  readonly baseUrl: string;
}

/** Serves a fake on a free loopback port. */
export async function startFakeElevenLabs(
  options: FakeElevenLabsOptions = {},
): Promise<RunningFakeElevenLabs> {
  const fake = createFakeElevenLabs(options);
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
    baseUrl: `http://127.0.0.1:${port}`,
    close: async () => {
      await fake.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const urlOf = (request: IncomingMessage): URL => new URL(request.url ?? '/', 'http://localhost');

function turnAway(socket: Duplex, status: number): void {
  const body = JSON.stringify({
    detail: {
      status: status === 401 ? 'invalid_api_key' : 'too_many_concurrent_requests',
      message: STATUS_CODES[status] ?? '',
    },
  });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { bearerOf, errorBody, INVALID_KEY, pathOf, RATE_LIMITED, type ApiError } from '../http-answers.js';
import type { ModelWorld } from '../model-world.js';
import { RealtimeSession } from './session.js';
import type { SessionRecord } from './session-record.js';

const RECORDS_LIMIT = 50;
/** Room for 15 MiB of audio as base64. */
const MESSAGE_LIMIT_BYTES = 24 * 1024 * 1024;
const KEY_PROTOCOL = 'openai-insecure-api-key.';
const REALTIME_MODEL = /^gpt-(?:realtime|audio|4o-realtime|4o-mini-realtime)/u;
const INVALID_REQUEST_CLOSE = 4_000;

/** Lets Realtime sockets in, or turns them away as the API does. */
export class RealtimeDoor {
  readonly openSessions = new Set<RealtimeSession>();
  readonly records: SessionRecord[] = [];
  private readonly waiting = new Set<Duplex>();
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_LIMIT_BYTES,
    perMessageDeflate: false,
    handleProtocols: (protocols) => (protocols.has('realtime') ? 'realtime' : false),
  });

  constructor(private readonly world: ModelWorld) {}

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if (!pathOf(request).endsWith('/v1/realtime')) return false;
    socket.on('error', () => socket.destroy());
    this.waiting.add(socket);
    socket.on('close', () => this.waiting.delete(socket));
    if (this.world.faults.take('connect-refused')) socket.destroy();
    else if (!this.world.faults.take('connect-hangs'))
      this.world.clock.after(this.world.delays.connectMs, () => this.answer(request, socket, head));
    return true;
  }

  async close(): Promise<void> {
    for (const session of this.openSessions) session.cut();
    for (const socket of this.waiting) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (socket.destroyed) return;
    const refused = this.refusalOf(request);
    if (refused) turnAway(socket, refused);
    else this.server.handleUpgrade(request, socket, head, (client) => this.welcome(client, request));
  }

  private refusalOf(request: IncomingMessage): ApiError | undefined {
    const { faults } = this.world;
    if (
      faults.take('connect-unauthorized') ||
      !this.world.accepts(bearerOf(request) ?? keyInProtocols(request))
    )
      return INVALID_KEY;
    if (faults.take('connect-rate-limited')) return RATE_LIMITED;
    if (modelOf(request) === null) {
      return {
        status: 400,
        type: 'invalid_request_error',
        code: 'missing_model',
        message: 'You must provide a model parameter.',
      };
    }
    return undefined;
  }

  private welcome(client: WebSocket, request: IncomingMessage): void {
    const model = modelOf(request) ?? '';
    if (request.headers['openai-beta'] !== undefined) {
      closeWithError(
        client,
        'beta_api_shape_disabled',
        'The Realtime Beta API is no longer supported. Please use /v1/realtime for the GA API.',
      );
      return;
    }
    if (!REALTIME_MODEL.test(model)) {
      closeWithError(
        client,
        'model_not_found',
        `The model \`${model}\` does not exist or you do not have access to it.`,
      );
      return;
    }
    const session = new RealtimeSession(client, model, this.world);
    this.openSessions.add(session);
    client.on('close', () => this.openSessions.delete(session));
    this.records.push(session.record);
    if (this.records.length > RECORDS_LIMIT) this.records.shift();
    session.open();
  }
}

function modelOf(request: IncomingMessage): string | null {
  return new URL(request.url ?? '/', 'http://localhost').searchParams.get('model');
}

/** Browsers cannot set headers, so the API also takes the key as a subprotocol. */
function keyInProtocols(request: IncomingMessage): string | undefined {
  const protocols = (request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((protocol) => protocol.trim());
  return protocols.find((protocol) => protocol.startsWith(KEY_PROTOCOL))?.slice(KEY_PROTOCOL.length);
}

function turnAway(socket: Duplex, error: ApiError): void {
  const body = JSON.stringify(errorBody(error));
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function closeWithError(client: WebSocket, code: string, message: string): void {
  client.on('error', () => undefined);
  client.send(
    JSON.stringify({
      type: 'error',
      event_id: 'event_refused',
      error: { type: 'invalid_request_error', code, message, param: null, event_id: null },
    }),
  );
  client.close(INVALID_REQUEST_CLOSE, `invalid_request_error.${code}`);
}

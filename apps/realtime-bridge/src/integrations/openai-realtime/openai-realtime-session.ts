import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import { WebSocket } from 'ws';
import type { Clock } from '../../domain/clock.js';
import {
  type ModelEvent,
  type ModelListener,
  ModelSession,
  ModelSessions,
  type Opening,
  type SaidBefore,
  type SessionPlan,
} from '../../domain/model-session.js';
import type { ResponseOrder } from '../../domain/response-sequencer.js';
import { realtimeAddress } from './realtime-address.js';
import { HARMLESS_PREFIX } from './realtime-errors.js';
import { ORDER_KEY, parseServerEvent, readServerEvent } from './server-events.js';
import { sessionConfiguration } from './session-configuration.js';

/** From the first packet to the configured session; a caller hears the greeting only after it. */
export const CONNECT_TIMEOUT_MS = 5_000;
/** A session that does not answer our good-bye is cut. */
const CLOSE_TIMEOUT_MS = 2_000;
/** Some seconds of audio in one message; the API sends far less. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** What a session may say before a call listens to it is a handful. */
const MAX_EARLY_EVENTS = 1_000;

const HTTP_FAULTS: Readonly<Record<number, string>> = {
  401: 'invalid_api_key',
  403: 'forbidden',
  404: 'model_not_found',
  429: 'rate_limit_exceeded',
};

/** A conversation over the OpenAI Realtime API's WebSocket, GA protocol, speech to speech. */
export class OpenAiRealtimeSession extends ModelSession {
  readonly adapter = 'openai-realtime';
  readonly opened: Promise<Opening>;
  private readonly socket: WebSocket;
  private readonly early: ModelEvent[] = [];
  private listener: ModelListener | undefined;
  private settleOpening!: (opening: Opening) => void;
  private state: 'opening' | 'ready' | 'closed' = 'opening';
  private cancelTimer: () => void;
  private harmless = 0;

  constructor(
    address: string,
    apiKey: string,
    private readonly plan: SessionPlan,
    private readonly clock: Clock,
  ) {
    super();
    this.opened = new Promise((resolve) => (this.settleOpening = resolve));
    this.socket = new WebSocket(address, {
      headers: { authorization: `Bearer ${apiKey}` },
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
    });
    this.cancelTimer = clock.after(CONNECT_TIMEOUT_MS, () => this.end('connect_timeout'));
    this.socket.on('open', () =>
      this.send({ type: 'session.update', session: sessionConfiguration(this.plan) }),
    );
    this.socket.on('message', (data, isBinary) => this.receive(isBinary ? undefined : data.toString()));
    this.socket.on('unexpected-response', (_request, response) =>
      this.end(HTTP_FAULTS[response.statusCode ?? 0] ?? `http_${response.statusCode}`),
    );
    this.socket.on('error', () => this.end(this.state === 'opening' ? 'connect_failed' : 'socket_error'));
    this.socket.on('close', () => this.end('closed'));
  }

  get bufferedBytes(): number {
    return this.socket.bufferedAmount;
  }

  listen(listener: ModelListener): void {
    this.listener = listener;
    for (const event of this.early.splice(0)) listener(event);
  }

  append(audio: string): void {
    // Written by hand: base64 needs no escaping, and this is sent fifty times a second for each call.
    if (this.socket.readyState === WebSocket.OPEN)
      this.socket.send(`{"type":"input_audio_buffer.append","audio":"${audio}"}`);
  }

  respond({ orderId, instructions }: ResponseOrder): void {
    this.send({
      type: 'response.create',
      event_id: orderId,
      response: { metadata: { [ORDER_KEY]: orderId }, ...(instructions !== undefined && { instructions }) },
    });
  }

  cancel(responseId: string): void {
    this.send({ type: 'response.cancel', event_id: this.harmlessId(), response_id: responseId });
  }

  truncate(itemId: string, contentIndex: number, heardMs: number): void {
    this.send({
      type: 'conversation.item.truncate',
      event_id: this.harmlessId(),
      item_id: itemId,
      content_index: contentIndex,
      audio_end_ms: heardMs,
    });
  }

  tell(text: string): void {
    this.send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'system', content: [{ type: 'input_text', text }] },
    });
  }

  recall(said: readonly SaidBefore[]): void {
    // What the assistant said aloud can be put back as text only: the API takes no audio for its items.
    for (const { speaker, text } of said)
      this.send({
        type: 'conversation.item.create',
        item:
          speaker === 'caller'
            ? { type: 'message', role: 'user', content: [{ type: 'input_text', text }] }
            : { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] },
      });
  }

  answerTool(callId: string, output: object): void {
    this.send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: callId, output: JSON.stringify(output) },
    });
  }

  commitCaller(): void {
    this.send({ type: 'input_audio_buffer.commit', event_id: this.harmlessId() });
  }

  close(): void {
    this.end('closed_by_us');
  }

  private harmlessId(): string {
    this.harmless += 1;
    return `${HARMLESS_PREFIX}${this.harmless}`;
  }

  private send(event: RealtimeClientEvent): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(event));
  }

  private receive(text: string | undefined): void {
    if (this.state === 'closed') return;
    const event = text === undefined ? undefined : parseServerEvent(text);
    if (!event) return this.emit({ type: 'problem', severity: 'retryable', code: 'unreadable_message' });
    if (event.type === 'session.updated' && this.state === 'opening') return this.becomeReady();
    for (const meaning of readServerEvent(event)) {
      // An unconfigured session would speak another audio format: a refused configuration is the end of it.
      if (meaning.type === 'problem' && (meaning.severity === 'fatal' || this.state === 'opening'))
        return this.end(meaning.code);
      this.emit(meaning);
    }
  }

  private becomeReady(): void {
    this.state = 'ready';
    this.cancelTimer();
    this.settleOpening({ kind: 'ready' });
    this.emit({ type: 'ready', atMs: this.clock.nowMs(), at: this.clock.now() });
  }

  private end(fault: string): void {
    if (this.state === 'closed') return;
    this.cancelTimer();
    this.settleOpening({ kind: 'failed', fault });
    this.emit({ type: 'closed', fault });
    this.state = 'closed';
    if (this.socket.readyState === WebSocket.CONNECTING) this.socket.terminate();
    else this.socket.close(1000);
    const cancel = this.clock.after(CLOSE_TIMEOUT_MS, () => this.socket.terminate());
    this.socket.once('close', cancel);
  }

  private emit(event: ModelEvent): void {
    if (this.listener) this.listener(event);
    else if (this.early.length < MAX_EARLY_EVENTS) this.early.push(event);
  }
}

export interface OpenAiAccess {
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** Opens sessions with OpenAI, or with whoever speaks its protocol at the configured address. */
export class OpenAiRealtimeSessions extends ModelSessions {
  constructor(
    private readonly access: OpenAiAccess,
    private readonly clock: Clock,
  ) {
    super();
  }

  open(plan: SessionPlan): ModelSession {
    return new OpenAiRealtimeSession(
      realtimeAddress(this.access.baseUrl, plan.model),
      this.access.apiKey,
      plan,
      this.clock,
    );
  }
}

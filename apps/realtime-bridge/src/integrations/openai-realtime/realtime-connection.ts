import type {
  RealtimeAudioInputTurnDetection,
  RealtimeClientEvent,
  RealtimeServerEvent,
  RealtimeSessionCreateRequest,
} from 'openai/resources/realtime/realtime';
import { WebSocket } from 'ws';
import type { Clock } from '../../domain/clock.js';
import type { SaidBefore } from '../../domain/model-session.js';
import type { ResponseOrder } from '../../domain/response-sequencer.js';
import { HARMLESS_PREFIX } from './realtime-errors.js';
import { ORDER_KEY, parseServerEvent } from './server-events.js';

/** From the first packet to the configured session; a caller hears the greeting only after it. */
export const CONNECT_TIMEOUT_MS = 5_000;
/** A session that does not answer our good-bye is cut. */
const CLOSE_TIMEOUT_MS = 2_000;
/** Bytes that are the text of a message. */
const AS_TEXT = { binary: false } as const;
/** Some seconds of audio in one message; the API sends far less. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

const HTTP_FAULTS: Readonly<Record<number, string>> = {
  401: 'invalid_api_key',
  403: 'forbidden',
  404: 'model_not_found',
  429: 'rate_limit_exceeded',
};

export interface ConnectionHooks {
  /** The session is configured. */
  ready(): void;
  /** Every other event, and what could not be read as one. */
  heard(event: RealtimeServerEvent | 'unreadable'): void;
  /** It is over, whoever ended it; nothing comes after this. */
  closed(fault: string): void;
}

/** The socket to the OpenAI Realtime API, GA protocol, and what every adapter says on it. */
export class RealtimeConnection {
  private readonly socket: WebSocket;
  private state: 'opening' | 'ready' | 'closed' = 'opening';
  private readonly cancelTimer: () => void;
  private harmless = 0;

  constructor(
    address: string,
    apiKey: string,
    session: RealtimeSessionCreateRequest,
    private readonly clock: Clock,
    private readonly hooks: ConnectionHooks,
  ) {
    this.socket = new WebSocket(address, {
      headers: { authorization: `Bearer ${apiKey}` },
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
    });
    this.cancelTimer = clock.after(CONNECT_TIMEOUT_MS, () => this.end('connect_timeout'));
    this.socket.on('open', () => this.send({ type: 'session.update', session }));
    this.socket.on('message', (data, isBinary) => this.receive(isBinary ? undefined : data.toString()));
    this.socket.on('unexpected-response', (_request, response) =>
      this.end(HTTP_FAULTS[response.statusCode ?? 0] ?? `http_${response.statusCode}`),
    );
    this.socket.on('error', () => this.end(this.state === 'opening' ? 'connect_failed' : 'socket_error'));
    this.socket.on('close', () => this.end('closed'));
  }

  get isOpening(): boolean {
    return this.state === 'opening';
  }

  get bufferedBytes(): number {
    return this.socket.bufferedAmount;
  }

  send(event: RealtimeClientEvent): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(event));
  }

  /** Sends a request whose failure changes nothing for the caller. */
  sendHarmless(event: RealtimeClientEvent): void {
    this.harmless += 1;
    this.send({ ...event, event_id: `${HARMLESS_PREFIX}${this.harmless}` });
  }

  detectTurns(detection: RealtimeAudioInputTurnDetection): void {
    this.sendHarmless({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { turn_detection: detection } } },
    });
  }

  append(audio: string): void {
    // Written by hand: base64 needs no escaping, and this is sent fifty times a second for each call. As bytes, because a
    // text would be measured, encoded and masked in a buffer of its own, and then leave as two.
    if (this.socket.readyState === WebSocket.OPEN)
      this.socket.send(
        Buffer.from(`{"type":"input_audio_buffer.append","audio":"${audio}"}`, 'latin1'),
        AS_TEXT,
      );
  }

  respond({ orderId, instructions }: ResponseOrder): void {
    this.send({
      type: 'response.create',
      event_id: orderId,
      response: { metadata: { [ORDER_KEY]: orderId }, ...(instructions !== undefined && { instructions }) },
    });
  }

  cancel(responseId: string): void {
    this.sendHarmless({ type: 'response.cancel', response_id: responseId });
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
    this.sendHarmless({ type: 'input_audio_buffer.commit' });
  }

  end(fault: string): void {
    if (this.state === 'closed') return;
    this.cancelTimer();
    this.state = 'closed';
    this.hooks.closed(fault);
    if (this.socket.readyState === WebSocket.CONNECTING) this.socket.terminate();
    else this.socket.close(1000);
    const cancel = this.clock.after(CLOSE_TIMEOUT_MS, () => this.socket.terminate());
    this.socket.once('close', cancel);
  }

  private receive(text: string | undefined): void {
    if (this.state === 'closed') return;
    const event = (text === undefined ? undefined : parseServerEvent(text)) ?? 'unreadable';
    if (event === 'unreadable' || event.type !== 'session.updated' || this.state !== 'opening')
      return this.hooks.heard(event);
    this.state = 'ready';
    this.cancelTimer();
    this.hooks.ready();
  }
}

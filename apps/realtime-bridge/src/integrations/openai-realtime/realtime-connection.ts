import type {
  RealtimeAudioInputTurnDetection,
  RealtimeClientEvent,
  RealtimeServerEvent,
  RealtimeSessionCreateRequest,
} from 'openai/resources/realtime/realtime';
import type { Clock } from '../../domain/clock.js';
import type { SaidBefore } from '../../domain/model-session.js';
import type { ResponseOrder } from '../../domain/response-sequencer.js';
import { DialledSocket } from '../../media/web-socket/dial.js';
import type { TextSocket } from '../../media/web-socket/text-socket.js';
import { HARMLESS_PREFIX } from './realtime-errors.js';
import { ORDER_KEY, parseServerEvent } from './server-events.js';

/** From the first packet to the configured session; a caller hears the greeting only after it. */
export const CONNECT_TIMEOUT_MS = 5_000;
/** A session that does not answer our good-bye is cut. */
const CLOSE_TIMEOUT_MS = 2_000;
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
  private readonly socket: TextSocket;
  private state: 'opening' | 'ready' | 'closed' = 'opening';
  private cancelTimer: () => void;
  private harmless = 0;
  private isOpened = false;

  constructor(
    address: string,
    apiKey: string,
    session: RealtimeSessionCreateRequest,
    private readonly clock: Clock,
    private readonly hooks: ConnectionHooks,
  ) {
    this.cancelTimer = clock.after(CONNECT_TIMEOUT_MS, () => this.end('connect_timeout'));
    const dialled = new DialledSocket(address, { Authorization: `Bearer ${apiKey}` }, MAX_MESSAGE_BYTES, {
      opened: () => {
        this.isOpened = true;
        this.send({ type: 'session.update', session });
      },
      text: (data, from, to) => this.heard(parseServerEvent(data, from, to) ?? 'unreadable'),
      binary: () => this.heard('unreadable'),
      refused: (status) => this.end(HTTP_FAULTS[status] ?? `http_${status}`),
      closed: () => {
        this.cancelTimer();
        this.end(this.state === 'opening' ? 'connect_failed' : 'closed');
      },
    });
    this.socket = dialled.socket;
  }

  get isOpening(): boolean {
    return this.state === 'opening';
  }

  get bufferedBytes(): number {
    return this.socket.bufferedBytes;
  }

  send(event: RealtimeClientEvent): void {
    this.socket.send(JSON.stringify(event));
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
    // Written by hand: base64 needs no escaping, and this is sent fifty times a second for each call.
    this.socket.sendAscii(`{"type":"input_audio_buffer.append","audio":"${audio}"}`);
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
    if (!this.isOpened) return this.socket.terminate();
    this.socket.close();
    this.cancelTimer = this.clock.after(CLOSE_TIMEOUT_MS, () => this.socket.terminate());
  }

  private heard(event: RealtimeServerEvent | 'unreadable'): void {
    if (this.state === 'closed') return;
    if (event === 'unreadable' || event.type !== 'session.updated' || this.state !== 'opening')
      return this.hooks.heard(event);
    this.state = 'ready';
    this.cancelTimer();
    this.hooks.ready();
  }
}

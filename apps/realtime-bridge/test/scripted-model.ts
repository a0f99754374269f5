import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export type ModelMessage = Record<string, unknown> & { readonly type: string };

/** What a model does that answers by itself. */
export type OrderTaker = (session: ScriptedSession, order: ModelMessage) => void;

/** One session of the scripted model: everything the bridge sent, and a mouth that says what a test wants said. */
export class ScriptedSession {
  readonly received: ModelMessage[] = [];
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  isClosed = false;
  private serial = 0;

  constructor(
    private readonly socket: WebSocket,
    headers: Readonly<Record<string, string | string[] | undefined>>,
    readonly path: string,
    answerUpdate: boolean,
    private readonly onOrder: OrderTaker = () => undefined,
  ) {
    this.headers = headers;
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as ModelMessage;
      this.received.push(message);
      if (message.type === 'response.create') this.onOrder(this, message);
      if (message.type === 'session.update' && answerUpdate)
        this.say({ type: 'session.updated', session: message['session'] });
    });
    socket.on('close', () => (this.isClosed = true));
    this.say({ type: 'session.created', session: {} });
  }

  say(event: ModelMessage): void {
    this.serial += 1;
    this.socket.send(JSON.stringify({ event_id: `event_${this.serial}`, ...event }));
  }

  sayRaw(data: string | Uint8Array): void {
    this.socket.send(data);
  }

  /** Becomes ready, for a model that was told to wait. */
  becomeReady(): void {
    this.say({ type: 'session.updated', session: {} });
  }

  /** Resolves when the bridge has read all that was said, and all that it had sent by then has been received. */
  answered(): Promise<void> {
    return new Promise((resolve) => {
      this.socket.once('pong', () => resolve());
      this.socket.ping();
    });
  }

  hangUp(): void {
    this.socket.close(1011);
  }

  ofType(type: string): ModelMessage[] {
    return this.received.filter((message) => message.type === type);
  }

  get heardAudio(): string[] {
    return this.ofType('input_audio_buffer.append').map((message) => String(message['audio']));
  }

  /** Begins a response; the id of an order makes it the answer to that order. */
  begin(responseId: string, orderId?: string): void {
    this.say({
      type: 'response.created',
      response: {
        id: responseId,
        status: 'in_progress',
        metadata: orderId === undefined ? null : { order: orderId },
      },
    });
  }

  speak(responseId: string, itemId: string, audio: Uint8Array, words = ''): void {
    const at = { response_id: responseId, item_id: itemId, output_index: 0, content_index: 0 };
    if (words !== '') this.say({ type: 'response.output_audio_transcript.delta', ...at, delta: words });
    this.say({ type: 'response.output_audio.delta', ...at, delta: Buffer.from(audio).toString('base64') });
  }

  completeItem(responseId: string, itemId: string, text: string): void {
    const content = [{ type: 'output_audio', transcript: text }];
    this.say({
      type: 'response.output_item.done',
      response_id: responseId,
      output_index: 0,
      item: { id: itemId, type: 'message', role: 'assistant', status: 'completed', content },
    });
  }

  end(responseId: string, output: readonly object[] = [], status = 'completed'): void {
    this.say({ type: 'response.done', response: { id: responseId, status, output } });
  }

  fail(responseId: string, error: object): void {
    this.say({
      type: 'response.done',
      response: {
        id: responseId,
        status: 'failed',
        output: [],
        status_details: { type: 'failed', error },
      },
    });
  }

  /** A whole spoken response. */
  answer(
    responseId: string,
    itemId: string,
    audio: Uint8Array,
    text: string,
    calls: readonly object[] = [],
    orderId?: string,
  ): void {
    this.begin(responseId, orderId);
    this.speak(responseId, itemId, audio, text);
    this.completeItem(responseId, itemId, text);
    this.end(responseId, calls);
  }

  /** A whole response that only calls tools. */
  callTools(responseId: string, calls: readonly object[], status = 'completed'): void {
    this.begin(responseId);
    this.end(responseId, calls, status);
  }

  callerSpeaks(itemId: string, audioStartMs = 0): void {
    this.say({ type: 'input_audio_buffer.speech_started', item_id: itemId, audio_start_ms: audioStartMs });
  }

  callerPauses(itemId: string, audioEndMs = 1_000): void {
    this.say({ type: 'input_audio_buffer.speech_stopped', item_id: itemId, audio_end_ms: audioEndMs });
    this.say({ type: 'input_audio_buffer.committed', item_id: itemId, previous_item_id: null });
  }

  transcribe(itemId: string, transcript: string): void {
    this.say({
      type: 'conversation.item.input_audio_transcription.completed',
      item_id: itemId,
      content_index: 0,
      transcript,
    });
  }
}

export const toolCall = (callId: string, name: string, args: object) => ({
  type: 'function_call',
  status: 'completed',
  call_id: callId,
  id: `item_${callId}`,
  name,
  arguments: JSON.stringify(args),
});

/** A model that says nothing by itself: tests that need a race lead it by the hand. */
export class ScriptedModel {
  readonly sessions: ScriptedSession[] = [];
  /** Set to false for a model that takes its time to become ready. */
  answersUpdate = true;
  /** Set for a model that answers what it is asked for. */
  onOrder: OrderTaker = () => undefined;

  private constructor(private readonly server: WebSocketServer) {
    server.on('connection', (socket, request) => {
      this.sessions.push(
        new ScriptedSession(
          socket,
          request.headers,
          request.url ?? '',
          this.answersUpdate,
          (session, order) => this.onOrder(session, order),
        ),
      );
    });
  }

  static async start(): Promise<ScriptedModel> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await new Promise<void>((resolve) => server.on('listening', resolve));
    return new ScriptedModel(server);
  }

  /** What OPENAI_BASE_URL would be. */
  get baseUrl(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    for (const socket of this.server.clients) socket.terminate();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

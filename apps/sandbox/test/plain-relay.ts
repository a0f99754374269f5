import type { ReceivedStream } from '@tradeline/testing';
import { WebSocket } from 'ws';

export interface RelayOrder {
  /** `ws://host:port/openai/v1/realtime?model=...` */
  readonly modelUrl: string;
  readonly instructions: string;
  readonly greeting: string;
  /** Stands in for the product's patience with a caller who says nothing. */
  readonly closeAfterSilenceMs: number;
}

const FIELDS = [
  'caller_name',
  'callback_number',
  'email',
  'job_summary',
  'preferred_datetime',
  'consent_recording',
  'consent_sms_opt_in',
];
const ASKED_FOR = FIELDS.slice(0, 5);

const tool = (name: string, properties: Record<string, object>): object => ({
  type: 'function',
  name,
  description: name,
  parameters: { type: 'object', properties, required: Object.keys(properties) },
});

const TOOLS = [
  tool('capture_field', {
    name: { type: 'string', enum: FIELDS },
    value: { type: 'string' },
    read_back: { type: 'boolean' },
  }),
  tool('switch_language', { language: { type: 'string' } }),
  tool('end_call', { reason: { type: 'string' } }),
];

interface ModelEvent {
  readonly type: string;
  readonly delta?: string;
  readonly item_id?: string;
  readonly error?: { readonly message: string };
  readonly response?: { readonly output?: readonly ModelItem[] };
  readonly transcript?: string;
}

interface ModelItem {
  readonly type: string;
  readonly name?: string;
  readonly call_id?: string;
  readonly arguments?: string;
}

/**
 * Carries audio between a caller and the model and answers the model's tool calls, no more: what is left of a bridge
 * when everything that makes it good is taken away. Enough to see whether callers and model understand each other.
 */
export class PlainRelay {
  readonly captured = new Map<string, string>();
  readonly languages: string[] = [];
  readonly transcripts: string[] = [];
  readonly errors: string[] = [];
  private readonly model: WebSocket;
  private streamSid = '';
  private playing: { itemId: string; bytes: number; marks: number } | undefined;
  private leaving = false;
  private idle: NodeJS.Timeout | undefined;

  constructor(
    private readonly stream: ReceivedStream,
    private readonly order: RelayOrder,
  ) {
    this.model = new WebSocket(order.modelUrl, { headers: { authorization: 'Bearer sk-sandbox' } });
    this.model.on('open', () => this.openSession());
    this.model.on('message', (data) => this.fromModel(JSON.parse(String(data)) as ModelEvent));
    this.model.on('error', (error) => this.errors.push(error.message));
    stream.socket.on('message', (data) => this.fromPhone(JSON.parse(String(data)) as PhoneEvent));
    stream.socket.on('close', () => this.model.close());
  }

  private openSession(): void {
    const format = { type: 'audio/pcmu' };
    this.toModel({
      type: 'session.update',
      session: {
        type: 'realtime',
        output_modalities: ['audio'],
        instructions: this.order.instructions,
        tools: TOOLS,
        audio: {
          input: {
            format,
            transcription: { model: 'gpt-live-transcribe' },
            turn_detection: {
              type: 'server_vad',
              silence_duration_ms: 450,
              prefix_padding_ms: 300,
              create_response: true,
              interrupt_response: false,
            },
          },
          output: { format, voice: 'marin' },
        },
      },
    });
    this.toModel({
      type: 'response.create',
      response: { instructions: `Greet the caller: "${this.order.greeting}"` },
    });
  }

  private fromPhone(event: PhoneEvent): void {
    if (event.event === 'start') this.streamSid = event.streamSid;
    if (event.event === 'media' && event.media)
      this.toModel({ type: 'input_audio_buffer.append', audio: event.media.payload });
    if (event.event === 'mark' && this.playing && (this.playing.marks -= 1) <= 0) this.fallSilent();
  }

  private fromModel(event: ModelEvent): void {
    switch (event.type) {
      case 'response.output_audio.delta':
        return this.play(event.item_id ?? '', event.delta ?? '');
      case 'input_audio_buffer.speech_started':
        return this.bargeIn();
      case 'conversation.item.input_audio_transcription.completed':
        this.transcripts.push(event.transcript ?? '');
        return;
      case 'response.done':
        return this.answerCalls(event.response?.output ?? []);
      case 'error':
        this.errors.push(event.error?.message ?? '');
    }
  }

  private play(itemId: string, payload: string): void {
    clearTimeout(this.idle);
    if (this.playing?.itemId !== itemId) this.playing = { itemId, bytes: 0, marks: 0 };
    this.playing.bytes += Buffer.from(payload, 'base64').length;
    this.playing.marks += 1;
    this.toPhone({ event: 'media', media: { payload } });
    this.toPhone({ event: 'mark', mark: { name: itemId } });
  }

  private bargeIn(): void {
    clearTimeout(this.idle);
    if (!this.playing) return;
    const { itemId } = this.playing;
    this.playing = undefined;
    this.toPhone({ event: 'clear' });
    this.toModel({ type: 'response.cancel' });
    this.toModel({ type: 'conversation.item.truncate', item_id: itemId, content_index: 0, audio_end_ms: 0 });
  }

  private answerCalls(items: readonly ModelItem[]): void {
    const calls = items.filter((item) => item.type === 'function_call');
    for (const call of calls) {
      const given = JSON.parse(call.arguments ?? '{}') as Record<string, string>;
      if (call.name === 'capture_field') this.captured.set(given.name ?? '', given.value ?? '');
      if (call.name === 'switch_language') this.languages.push(given.language ?? '');
      if (call.name === 'end_call') this.leaving = true;
      this.addItem({ type: 'function_call_output', call_id: call.call_id, output: '{"ok":true}' });
    }
    if (calls.length > 0) this.tellState();
    if (calls.length > 0 && !items.some((item) => item.type === 'message') && !this.leaving)
      this.toModel({ type: 'response.create' });
    if (!this.playing) this.fallSilent();
  }

  private tellState(): void {
    const known = [...this.captured].map(([name, value]) => `- ${name}: ${JSON.stringify(value)}`);
    const missing = ASKED_FOR.filter((field) => !this.captured.has(field));
    const text = ['Known so far:', ...known, `Still to find out: ${missing.join(', ') || 'nothing'}`].join(
      '\n',
    );
    this.addItem({ type: 'message', role: 'system', content: [{ type: 'input_text', text }] });
  }

  /** All that was sent has been heard. */
  private fallSilent(): void {
    this.playing = undefined;
    if (this.leaving) return this.stream.socket.close(1000);
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.stream.socket.close(1000), this.order.closeAfterSilenceMs);
    this.idle.unref();
  }

  private addItem(item: object): void {
    this.toModel({ type: 'conversation.item.create', item });
  }

  private toModel(event: object): void {
    if (this.model.readyState === WebSocket.OPEN) this.model.send(JSON.stringify(event));
  }

  private toPhone(message: object): void {
    if (this.stream.socket.readyState === WebSocket.OPEN)
      this.stream.socket.send(JSON.stringify({ ...message, streamSid: this.streamSid }));
  }
}

interface PhoneEvent {
  readonly event: string;
  readonly streamSid: string;
  readonly media?: { readonly payload: string };
}

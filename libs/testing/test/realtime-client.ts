import type {
  RealtimeClientEvent,
  RealtimeServerEvent,
  RealtimeSessionCreateRequest,
} from 'openai/resources/realtime/realtime';
import { WebSocket } from 'ws';
import { FRAME_BYTES, joinAudio, muLawSilence, type RunningFakeOpenAi } from '../src/index.js';

export type ServerEventOf<T extends RealtimeServerEvent['type']> = Extract<RealtimeServerEvent, { type: T }>;

const PATIENCE_MS = 5_000;

/** A client of the Realtime API with nothing of its own: a socket, and what came out of it. */
export class RealtimeClient {
  readonly events: RealtimeServerEvent[] = [];
  closed: { code: number; reason: string } | undefined;
  private readonly waiting = new Set<() => void>();

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.events.push(JSON.parse((data as Buffer).toString()) as RealtimeServerEvent);
      for (const wake of this.waiting) wake();
    });
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      for (const wake of this.waiting) wake();
    });
  }

  static async connect(
    fake: RunningFakeOpenAi,
    session: Omit<RealtimeSessionCreateRequest, 'type'> = {},
    key = 'sk-test',
  ): Promise<RealtimeClient> {
    const client = new RealtimeClient(
      new WebSocket(`${fake.realtimeUrl}?model=gpt-realtime-2.1`, {
        headers: { authorization: `Bearer ${key}` },
      }),
    );
    await client.first('session.created');
    client.send({
      type: 'session.update',
      session: { type: 'realtime', ...session, audio: { ...TELEPHONE, ...session.audio } },
    });
    await client.first('session.updated');
    return client;
  }

  send(event: RealtimeClientEvent | Record<string, unknown> | string): void {
    this.socket.send(typeof event === 'string' ? event : JSON.stringify(event));
  }

  /** Sends audio as a phone does, frame by frame, and then silence that ends the turn. */
  speak(audio: Uint8Array, silenceMs = 700): void {
    const whole = joinAudio(audio, muLawSilence(silenceMs));
    for (let at = 0; at < whole.length; at += FRAME_BYTES) {
      this.send({
        type: 'input_audio_buffer.append',
        audio: Buffer.from(whole.subarray(at, at + FRAME_BYTES)).toString('base64'),
      });
    }
  }

  of<T extends RealtimeServerEvent['type']>(type: T): ServerEventOf<T>[] {
    return this.events.filter((event): event is ServerEventOf<T> => event.type === type);
  }

  first<T extends RealtimeServerEvent['type']>(type: T): Promise<ServerEventOf<T>> {
    return this.nth(type, 1);
  }

  /** The n-th event of a type, counted from the beginning of the session. */
  nth<T extends RealtimeServerEvent['type']>(type: T, n: number): Promise<ServerEventOf<T>> {
    return this.until(() => this.of(type)[n - 1], `${type} number ${n}`);
  }

  async until<T>(look: () => T | undefined, what: string): Promise<T> {
    const found = look();
    if (found !== undefined) return found;
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.waiting.delete(again);
      };
      const again = (): void => {
        const now = look();
        if (now === undefined) return;
        finish();
        resolve(now);
      };
      const timer = setTimeout(() => {
        finish();
        reject(
          new Error(`waited in vain for ${what}; came: ${this.events.map((event) => event.type).join(', ')}`),
        );
      }, PATIENCE_MS);
      this.waiting.add(again);
    });
  }

  /** The audio of one message of the assistant, as it was delivered. */
  audioOf(itemId: string): Buffer {
    return Buffer.concat(
      this.of('response.output_audio.delta')
        .filter((event) => event.item_id === itemId)
        .map((event) => Buffer.from(event.delta, 'base64')),
    );
  }

  /** What the assistant has said so far, message by message. */
  said(): string[] {
    return this.of('response.output_audio_transcript.done').map((event) => event.transcript);
  }

  toolCalls(): { name: string; arguments: Record<string, unknown> }[] {
    return this.of('response.function_call_arguments.done').map((event) => ({
      name: event.name,
      arguments: JSON.parse(event.arguments) as Record<string, unknown>,
    }));
  }

  close(): void {
    this.socket.terminate();
  }
}

export const TELEPHONE = {
  input: {
    format: { type: 'audio/pcmu' },
    transcription: { model: 'gpt-live-transcribe' },
    turn_detection: {
      type: 'server_vad',
      threshold: 0.5,
      silence_duration_ms: 450,
      prefix_padding_ms: 300,
      create_response: true,
      interrupt_response: false,
    },
  },
  output: { format: { type: 'audio/pcmu' }, voice: 'marin' },
} as const;

import type { WebSocket } from 'ws';
import type { SpeechLanguage } from '../speech/speech.js';
import { parseClientMessage, type ClientMessage } from './client-messages.js';
import type { ConnectionQuery } from './connection-query.js';
import { REFUSED, SpeechRefusal } from './refusal.js';
import { SpeechContext, type ContextHost } from './speech-context.js';
import type { SpeechWorld } from './speech-world.js';
import type { SpeechChunk } from './aligned-speech.js';

/** The vendor's limit of contexts on one socket; one that is closing counts until its end is told. */
const MAX_CONTEXTS = 5;
const NORMAL_CLOSE = 1_000;
const DEFAULT_CONTEXT = 'default';
const RECORD_LIMIT = 500;

/** What happened on a socket, for whoever tests its client. */
export interface SpeechSocketRecord {
  readonly voiceId: string;
  readonly query: ConnectionQuery;
  /** The client's messages as they came, the newest 500. */
  readonly received: ClientMessage[];
  /** Texts in the order in which they were spoken. */
  readonly spoken: { readonly contextId: string; readonly text: string }[];
  closedCode: number | undefined;
}

/** One multi-context socket from its opening to its end. */
export class MultiStreamSocket {
  readonly record: SpeechSocketRecord;
  private readonly contexts = new Map<string, SpeechContext>();
  private readonly ending = new Set<SpeechContext>();
  private readonly cancels = new Set<() => void>();
  private cancelInactivity: () => void = () => undefined;
  private language: SpeechLanguage = 'en';
  private closesWhenDone = false;

  constructor(
    private readonly socket: WebSocket,
    voiceId: string,
    private readonly query: ConnectionQuery,
    private readonly world: SpeechWorld,
  ) {
    this.record = { voiceId, query, received: [], spoken: [], closedCode: undefined };
    socket.on('message', (data, isBinary) => this.hear(isBinary ? '' : String(data)));
    socket.on('close', (code) => this.ended(code));
    socket.on('error', () => undefined);
    this.watchInactivity();
  }

  cut(): void {
    this.socket.terminate();
  }

  refuse(refusal: SpeechRefusal): void {
    this.send({ message: refusal.message, error: refusal.error, code: REFUSED });
    this.socket.close(REFUSED, refusal.message.slice(0, 120));
  }

  get openContexts(): number {
    return this.contexts.size + this.ending.size;
  }

  private hear(text: string): void {
    this.watchInactivity();
    try {
      const message = parseClientMessage(text);
      this.record.received.push(message);
      if (this.record.received.length > RECORD_LIMIT) this.record.received.shift();
      if (message.close_socket === true) this.closeAll();
      else this.obey(message);
    } catch (error) {
      if (!(error instanceof SpeechRefusal)) throw error;
      this.refuse(error);
    }
  }

  private obey(message: ClientMessage): void {
    const id = message.context_id ?? DEFAULT_CONTEXT;
    const known = this.contexts.get(id);
    // Whatever names a context that is not there makes one, a flush included; only a close does not.
    if (!known && message.close_context === true) return;
    const context = known ?? this.open(id, message);
    context.hear(message, known === undefined);
    if (!context.isClosing) return;
    this.contexts.delete(id);
    this.ending.add(context);
  }

  private open(id: string, first: ClientMessage): SpeechContext {
    if (this.openContexts >= MAX_CONTEXTS)
      throw new SpeechRefusal(
        'max_active_conversations',
        `Maximum simultaneous contexts per WebSocket connection exceeded (${MAX_CONTEXTS}). Please close an existing context before opening a new one.`,
      );
    const context: SpeechContext = new SpeechContext(
      first,
      this.hostOf(id, () => {
        this.ending.delete(context);
        this.send({ isFinal: true, contextId: id });
        if (this.closesWhenDone && this.openContexts === 0) this.socket.close(NORMAL_CLOSE);
      }),
    );
    this.contexts.set(id, context);
    return context;
  }

  private hostOf(contextId: string, final: () => void): ContextHost {
    const { world, query } = this;
    return {
      autoMode: query.auto_mode,
      pace: { ...world.delays, audioSpeed: world.audioSpeed },
      after: (delayMs, run) => this.after(delayMs, run),
      speak: async (text) => {
        this.language = world.languageOf(text, query.language_code, this.language);
        const { language } = this;
        this.record.spoken.push({ contextId, text });
        return { audio: await world.say(text, language), language };
      },
      beforeSpeech: () => {
        if (world.take('quota-exceeded')) {
          this.refuse(
            new SpeechRefusal(
              'quota_exceeded',
              'This request exceeds your quota. You have 0 credits remaining.',
            ),
          );
          return false;
        }
        return !world.take('speech-hangs');
      },
      audio: (chunk) => this.send(this.audioMessage(chunk, contextId)),
      afterFirstAudio: () => {
        if (world.take('speech-cut')) this.cut();
      },
      final,
      failed: (error) =>
        this.refuse(new SpeechRefusal('internal_server_error', `no voice: ${String(error)}`)),
    };
  }

  private audioMessage({ audio, characters, fromMs }: SpeechChunk, contextId: string): object {
    const message = { audio: Buffer.from(audio).toString('base64'), contextId };
    if (!this.query.sync_alignment || this.world.take('no-alignment')) return message;
    // The vendor counts a chunk's times from the beginning of the chunk.
    const alignment = {
      chars: characters.map(({ char }) => char),
      charStartTimesMs: characters.map(({ startMs }) => Math.round(startMs - fromMs)),
      charDurationsMs: characters.map(({ startMs, endMs }) => Math.round(endMs - startMs)),
    };
    return { ...message, alignment, normalizedAlignment: alignment };
  }

  private closeAll(): void {
    this.closesWhenDone = true;
    for (const [id, context] of this.contexts) {
      this.contexts.delete(id);
      this.ending.add(context);
      context.close();
    }
    if (this.openContexts === 0) this.socket.close(NORMAL_CLOSE);
  }

  private watchInactivity(): void {
    this.cancelInactivity();
    this.cancelInactivity = this.after(this.query.inactivity_timeout * 1_000, () =>
      this.refuse(
        new SpeechRefusal(
          'input_timeout_exceeded',
          `Have not received a new text input within the timeout of ${this.query.inactivity_timeout} seconds. Streaming input terminated.`,
        ),
      ),
    );
  }

  private send(message: object): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private after(delayMs: number, run: () => void): () => void {
    const cancel = this.world.clock.after(delayMs, () => {
      this.cancels.delete(cancel);
      run();
    });
    this.cancels.add(cancel);
    return () => {
      this.cancels.delete(cancel);
      cancel();
    };
  }

  private ended(code: number): void {
    this.record.closedCode = code;
    for (const context of [...this.contexts.values(), ...this.ending]) context.abandon();
    for (const cancel of this.cancels) cancel();
    this.cancels.clear();
  }
}

import type { SpeechLanguage } from '../speech/speech.js';
import { alignCharacters, chunksOf, type SpeechChunk } from './aligned-speech.js';
import type { ClientMessage } from './client-messages.js';
import { SpeechRefusal } from './refusal.js';

/** From so many waiting characters on a text is spoken without being asked for; the vendor's default. */
const DEFAULT_SCHEDULE = [120, 160, 250, 290] as const;
const FIRST_CHUNK_MS = 200;
const CHUNK_MS = 500;

/** What a context needs of its socket. */
export interface ContextHost {
  readonly autoMode: boolean;
  after(delayMs: number, run: () => void): () => void;
  readonly pace: { readonly firstAudioMs: number; readonly finalMs: number; readonly audioSpeed: number };
  speak(text: string): Promise<{ audio: Uint8Array; language: SpeechLanguage }>;
  /** A text is about to be spoken; false when nothing is to come of it. */
  beforeSpeech(): boolean;
  audio(chunk: SpeechChunk): void;
  afterFirstAudio(): void;
  final(): void;
  failed(error: unknown): void;
}

/** One stream of speech: text that waits, text that is being spoken, and an end. */
export class SpeechContext {
  private readonly schedule: readonly number[];
  private waiting = '';
  private generations = 0;
  private readonly queue: string[] = [];
  private busy = false;
  private closing = false;
  private over = false;
  private cancel: () => void = () => undefined;

  constructor(
    first: ClientMessage,
    private readonly host: ContextHost,
  ) {
    this.schedule = first.generation_config?.chunk_length_schedule ?? DEFAULT_SCHEDULE;
  }

  get isClosing(): boolean {
    return this.closing;
  }

  hear(message: ClientMessage, isFirst: boolean): void {
    if (!isFirst && (message.voice_settings ?? message.generation_config) !== undefined)
      throw new SpeechRefusal(
        'invalid_input_message',
        'voice_settings and generation_config can only be set in the first message of a context.',
      );
    this.waiting += message.text ?? '';
    const due = this.schedule[Math.min(this.generations, this.schedule.length - 1)] ?? 0;
    if (message.flush === true || this.host.autoMode || this.waiting.trim().length >= due) this.generate();
    if (message.close_context === true) this.close();
  }

  /** What was to be flushed is still spoken; what only waits is not. */
  close(): void {
    if (this.closing) return;
    this.closing = true;
    this.waiting = '';
    if (!this.busy) this.finish();
  }

  abandon(): void {
    this.over = true;
    this.cancel();
  }

  private generate(): void {
    const text = this.waiting.trimStart();
    this.waiting = '';
    if (text.trim() === '') return;
    this.generations += 1;
    this.queue.push(text);
    if (!this.busy) this.next();
  }

  private next(): void {
    const text = this.queue.shift();
    this.busy = text !== undefined;
    if (text === undefined) {
      if (this.closing) this.finish();
      return;
    }
    if (!this.host.beforeSpeech()) return;
    const sound = this.host.speak(text.trim());
    this.later(this.host.pace.firstAudioMs, () => {
      sound.then(
        ({ audio, language }) =>
          this.deliver(
            chunksOf(audio, alignCharacters(text, language, audio), FIRST_CHUNK_MS, CHUNK_MS),
            true,
          ),
        (error: unknown) => this.host.failed(error),
      );
    });
  }

  private deliver([chunk, ...rest]: readonly SpeechChunk[], isFirst: boolean): void {
    if (this.over) return;
    if (!chunk) return this.next();
    this.host.audio(chunk);
    if (isFirst) this.host.afterFirstAudio();
    this.later(chunk.audio.length / 8 / this.host.pace.audioSpeed, () => this.deliver(rest, false));
  }

  private finish(): void {
    this.later(this.host.pace.finalMs, () => {
      this.over = true;
      this.host.final();
    });
  }

  private later(delayMs: number, run: () => void): void {
    this.cancel = this.host.after(delayMs, () => (this.over ? undefined : run()));
  }
}

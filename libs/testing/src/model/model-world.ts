import { PhraseBook } from '../speech/phrase-book.js';
import { createSpeech, type Speech } from '../speech/speech.js';
import { REAL_CLOCK, type ModelClock } from './clock.js';
import { Faults } from './faults.js';
import { DEFAULT_DELAYS, type FakeOpenAiOptions, type ModelDelays, type ToolStyle } from './options.js';

/** Near the hosted model's: a sentence of four seconds is there within half a second. */
const DEFAULT_AUDIO_SPEED = 8;
const SESSION_LIMIT_MS = 60 * 60 * 1_000;

/** What all sessions of one fake share; the mutable parts can be changed while it runs. */
export class ModelWorld {
  readonly phraseBook: PhraseBook;
  readonly clock: ModelClock;
  readonly apiKey: string | undefined;
  readonly sessionLimitMs: number;
  readonly faults: Faults;
  readonly delays: ModelDelays;
  audioSpeed: number;
  toolStyle: ToolStyle;
  private readonly speech: Speech;

  constructor(options: FakeOpenAiOptions) {
    this.speech = options.speech ?? createSpeech();
    this.phraseBook = options.phraseBook ?? new PhraseBook();
    this.clock = options.clock ?? REAL_CLOCK;
    this.apiKey = options.apiKey;
    this.sessionLimitMs = options.sessionLimitMs ?? SESSION_LIMIT_MS;
    this.faults = new Faults(options.faults);
    this.delays = { ...DEFAULT_DELAYS, ...options.delays };
    this.audioSpeed = options.audioSpeed ?? DEFAULT_AUDIO_SPEED;
    this.toolStyle = options.toolStyle ?? 'mixed';
  }

  /** Speaks with the assistant's voice, so that whoever shares the phrase book can recognise it. */
  async say(text: string, language: string): Promise<Uint8Array> {
    const audio = await this.speech.speak(text, language, 'assistant');
    this.phraseBook.register(text, language, audio);
    return audio;
  }

  /** Whether a request may come in; `authorization` is the header or the key itself. */
  accepts(key: string | undefined): boolean {
    return Boolean(key) && (this.apiKey === undefined || key === this.apiKey);
  }
}

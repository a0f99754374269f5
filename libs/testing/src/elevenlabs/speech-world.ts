import { REAL_CLOCK, type ModelClock } from '../model/clock.js';
import { detectLanguage } from '../model/dialogue/language-detection.js';
import { PhraseBook } from '../speech/phrase-book.js';
import {
  createSpeech,
  SPEECH_LANGUAGES,
  speechLanguage,
  type Speech,
  type SpeechLanguage,
} from '../speech/speech.js';
import {
  DEFAULT_SPEECH_DELAYS,
  type FakeElevenLabsOptions,
  type SpeechDelays,
  type SpeechFault,
  type SpeechFaultName,
} from './options.js';

/** Speech is there well before it has been spoken: a second of it within some sixty milliseconds. */
const DEFAULT_AUDIO_SPEED = 16;

/** What all sockets of one fake share; the mutable parts can be changed while it runs. */
export class SpeechWorld {
  readonly phraseBook: PhraseBook;
  readonly clock: ModelClock;
  readonly apiKey: string | undefined;
  readonly delays: SpeechDelays;
  audioSpeed: number;
  private readonly speech: Speech;
  private readonly voices: readonly string[] | undefined;
  private readonly faults = new Map<SpeechFaultName, number>();

  constructor(options: FakeElevenLabsOptions) {
    this.speech = options.speech ?? createSpeech();
    this.phraseBook = options.phraseBook ?? new PhraseBook();
    this.clock = options.clock ?? REAL_CLOCK;
    this.apiKey = options.apiKey;
    this.voices = options.voices;
    this.delays = { ...DEFAULT_SPEECH_DELAYS, ...options.delays };
    this.audioSpeed = options.audioSpeed ?? DEFAULT_AUDIO_SPEED;
    this.fail(...(options.faults ?? []));
  }

  hasVoice(voiceId: string): boolean {
    return this.voices?.includes(voiceId) ?? true;
  }

  /** `tag` is the language that the client insists on; without it the text tells, or `current` holds. */
  languageOf(text: string, tag: string | undefined, current: SpeechLanguage): SpeechLanguage {
    return (tag ? speechLanguage(tag) : undefined) ?? detectLanguage(text, SPEECH_LANGUAGES) ?? current;
  }

  async say(text: string, language: SpeechLanguage): Promise<Uint8Array> {
    const audio = await this.speech.speak(text, language, 'assistant');
    this.phraseBook.register(text, language, audio);
    return audio;
  }

  /** Puts these faults in force besides those that are; each happening uses one up. */
  fail(...faults: readonly SpeechFault[]): void {
    for (const { name, times = Number.POSITIVE_INFINITY } of faults) this.faults.set(name, times);
  }

  heal(): void {
    this.faults.clear();
  }

  take(name: SpeechFaultName): boolean {
    const left = this.faults.get(name) ?? 0;
    if (left <= 0) return false;
    this.faults.set(name, left - 1);
    return true;
  }
}

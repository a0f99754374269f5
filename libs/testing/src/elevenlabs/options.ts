import type { ModelClock } from '../model/clock.js';
import type { PhraseBook } from '../speech/phrase-book.js';
import type { Speech } from '../speech/speech.js';

/** How long the voice takes, in milliseconds. */
export interface SpeechDelays {
  /** From the socket's request to its acceptance. */
  connectMs: number;
  /** From a text that is to be spoken to its first audio. */
  firstAudioMs: number;
  /** From the close of a context, once it has nothing left to say, to `isFinal`; until then its place is taken. */
  finalMs: number;
}

/** Near what `eleven_flash_v2_5` is said to take, network included. */
export const DEFAULT_SPEECH_DELAYS: Readonly<SpeechDelays> = {
  connectMs: 60,
  firstAudioMs: 120,
  finalMs: 20,
};

export const SPEECH_FAULT_NAMES = [
  /** The connection is cut before any answer. */
  'connect-refused',
  /** The socket's request is never answered. */
  'connect-hangs',
  /** The socket's request is answered 401. */
  'connect-unauthorized',
  /** The socket's request is answered 429. */
  'connect-busy',
  /** A text gets no audio. */
  'speech-hangs',
  /** The socket is cut after the first audio of a text. */
  'speech-cut',
  /** A text is refused because the account has no characters left. */
  'quota-exceeded',
  /** Audio comes without alignment, as some voices and models have none. */
  'no-alignment',
] as const;
export type SpeechFaultName = (typeof SPEECH_FAULT_NAMES)[number];

export interface SpeechFault {
  readonly name: SpeechFaultName;
  /** How often it happens before it is over; for ever when absent. */
  readonly times?: number;
}

export interface FakeElevenLabsOptions {
  /** Where it is mounted, e.g. "/elevenlabs"; empty for the root. */
  readonly prefix?: string;
  /** The voice; tones without it. */
  readonly speech?: Speech;
  /** Share it with whoever is to understand what is said. */
  readonly phraseBook?: PhraseBook;
  /** The only key accepted; without it any key is, but none is refused. */
  readonly apiKey?: string;
  /** The only voices there are; without it every id is one. */
  readonly voices?: readonly string[];
  readonly delays?: Partial<SpeechDelays>;
  readonly faults?: readonly SpeechFault[];
  /** How many times faster than real time audio is delivered. */
  readonly audioSpeed?: number;
  readonly clock?: ModelClock;
}

import type { PhraseBook } from '../speech/phrase-book.js';
import type { Speech } from '../speech/speech.js';
import type { ModelClock } from './clock.js';
import type { Fault } from './faults.js';

/** How long the model takes, in milliseconds. */
export interface ModelDelays {
  /** From the socket's request to its acceptance. */
  connectMs: number;
  /** From the creation of a response to its first audio or text. */
  firstAudioMs: number;
  /** From the end of the caller's turn to its transcript, which may thus come after the answer. */
  transcriptionMs: number;
  /** From the request to the answer of the Responses API. */
  responsesMs: number;
}

/** Near what the hosted model takes on a good day. */
export const DEFAULT_DELAYS: Readonly<ModelDelays> = {
  connectMs: 60,
  firstAudioMs: 250,
  transcriptionMs: 350,
  responsesMs: 120,
};

/**
 * Where a turn that calls tools has its speech: `with-speech` in the same response, `calls-only` in the response
 * after the tools' results, `mixed` mostly the first and every fourth time the second.
 */
export type ToolStyle = 'with-speech' | 'calls-only' | 'mixed';

export interface FakeOpenAiOptions {
  /** The voice; tones without it. */
  readonly speech?: Speech;
  /** What the model can hear; share it with the phone that speaks. */
  readonly phraseBook?: PhraseBook;
  /** The only key accepted; without it any key is, but none is refused. */
  readonly apiKey?: string;
  readonly delays?: Partial<ModelDelays>;
  readonly faults?: readonly Fault[];
  readonly toolStyle?: ToolStyle;
  /** How many times faster than real time audio is delivered. */
  readonly audioSpeed?: number;
  /** After this a session ends as the hosted ones do. */
  readonly sessionLimitMs?: number;
  readonly clock?: ModelClock;
}

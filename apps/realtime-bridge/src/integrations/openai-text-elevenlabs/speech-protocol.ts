import { isBase64 } from '@tradeline/twilio';
import { baseLanguage } from '../../domain/languages.js';

/** When each character sounds, relative to its chunk of audio. */
export interface Alignment {
  readonly chars: readonly string[];
  readonly startsMs: readonly number[];
  readonly durationsMs: readonly number[];
}

/** What the service says on the socket. */
export type SpeechMessage =
  | {
      readonly kind: 'audio';
      readonly contextId: string;
      /** base64 µ-law */
      readonly audio: string;
      readonly alignment: Alignment | undefined;
    }
  | { readonly kind: 'final'; readonly contextId: string }
  | { readonly kind: 'error'; readonly code: string }
  | { readonly kind: 'nothing' };

/** A request on the wire; the service reads snake case and answers in camel case. */
export interface SpeechRequest {
  readonly text?: string;
  readonly context_id?: string;
  readonly flush?: boolean;
  readonly close_context?: boolean;
  readonly close_socket?: boolean;
}

/** The longest that the service allows; a caller may speak for minutes before the next answer. */
const INACTIVITY_TIMEOUT_S = 180;
const MODELS_WITH_LANGUAGE = /^eleven_(?:flash|turbo)_v2_5$/;

export interface SpeechVoice {
  readonly voiceId: string;
  readonly modelId: string;
  /** BCP-47 */
  readonly languages: readonly string[];
}

/**
 * The multi-context socket that belongs to an API base address; a plain http base gives a plain ws socket.
 * Source: @elevenlabs/elevenlabs-js, and https://elevenlabs.io/docs/api-reference/text-to-speech
 */
export const speechAddress = (baseUrl: string, { voiceId, modelId, languages }: SpeechVoice): string => {
  const url = new URL(baseUrl);
  url.protocol = url.protocol === 'http:' || url.protocol === 'ws:' ? 'ws:' : 'wss:';
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/text-to-speech/${encodeURIComponent(voiceId)}/multi-stream-input`;
  url.search = new URLSearchParams({
    model_id: modelId,
    output_format: 'ulaw_8000',
    sync_alignment: 'true',
    inactivity_timeout: String(INACTIVITY_TIMEOUT_S),
    ...languageOf(modelId, languages),
  }).toString();
  return url.toString();
};

/** A language is insisted on only where there is but one: otherwise the text tells it, sentence by sentence. */
const languageOf = (modelId: string, languages: readonly string[]): { language_code?: string } => {
  const bases = [...new Set(languages.map(baseLanguage))];
  const [only] = bases;
  if (only === undefined || bases.length > 1 || !MODELS_WITH_LANGUAGE.test(modelId)) return {};
  return { language_code: only === 'tl' ? 'fil' : only };
};

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'number');

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string');

const alignmentOf = (value: unknown): Alignment | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Record<string, unknown>;
  const { chars } = fields;
  const startsMs = fields['charStartTimesMs'] ?? fields['charsStartTimesMs'];
  const durationsMs = fields['charDurationsMs'] ?? fields['charsDurationsMs'];
  return isTexts(chars) && isNumbers(startsMs) && isNumbers(durationsMs)
    ? { chars, startsMs, durationsMs }
    : undefined;
};

/** Reads a message; undefined when it is none of the protocol's. */
export const parseSpeechMessage = (text: string): SpeechMessage | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Record<string, unknown>;
  if (typeof fields['error'] === 'string') return { kind: 'error', code: fields['error'] };
  const contextId = fields['contextId'] ?? fields['context_id'];
  if (typeof contextId !== 'string') return { kind: 'nothing' };
  const { audio } = fields;
  // It is put between quotes as it is, and the phone network ends a stream that sends it something else.
  if (typeof audio === 'string' && isBase64(audio))
    return { kind: 'audio', contextId, audio, alignment: alignmentOf(fields['alignment']) };
  if (fields['isFinal'] === true || fields['is_final'] === true) return { kind: 'final', contextId };
  return { kind: 'nothing' };
};

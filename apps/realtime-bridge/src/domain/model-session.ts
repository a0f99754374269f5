import type { OwnSpeech } from './own-speech.js';
import type { ResponseOrder } from './response-sequencer.js';
import type { ToolDefinition } from './tools.js';
import type { SpeakerRole } from './transcript.js';

/** The ways of talking to a model: one that speaks by itself, and one that writes while another service speaks. */
export const ADAPTERS = ['openai-realtime', 'openai-text-elevenlabs'] as const;
export type AdapterName = (typeof ADAPTERS)[number];

/** What a model is told once, when its session opens. */
export interface SessionPlan {
  readonly adapter: AdapterName;
  readonly model: string;
  readonly voice: string;
  /** The voice's id where speech is made apart from the words; empty for the platform's default. */
  readonly speechVoiceId: string;
  readonly instructions: string;
  readonly tools: readonly ToolDefinition[];
  /** BCP-47; a hint to the transcription. */
  readonly languages: readonly string[];
  /** Words the transcription should expect, e.g. the business's name. */
  readonly keywords: readonly string[];
  /** Silence that ends a caller's turn. */
  readonly silenceDurationMs: number;
  /** Audio kept from before speech was noticed. */
  readonly prefixPaddingMs: number;
}

/** How much an error of the model matters. */
export type Severity =
  /** The session is of no use any more. */
  | 'fatal'
  /** One request failed; the session goes on. */
  | 'retryable'
  /** A race that was lost harmlessly. */
  | 'benign';

export interface ToolCall {
  readonly callId: string;
  readonly name: string;
  /** JSON text, as the model wrote it. */
  readonly argumentsJson: string;
}

/** What a model's session says. Times are milliseconds on its input clock: the audio appended so far. */
export type ModelEvent =
  | { readonly type: 'ready'; readonly atMs: number; readonly at: Date }
  | { readonly type: 'caller-started'; readonly itemId: string; readonly audioStartMs: number }
  /** `audioEndMs` includes the silence that proved the end. */
  | { readonly type: 'caller-stopped'; readonly itemId: string; readonly audioEndMs: number }
  /** The caller's turn is in the conversation; the model answers it by itself unless it is busy. */
  | { readonly type: 'caller-committed'; readonly itemId: string }
  | { readonly type: 'caller-transcribed'; readonly itemId: string; readonly text: string }
  | { readonly type: 'caller-not-transcribed'; readonly itemId: string }
  | { readonly type: 'response-began'; readonly responseId: string; readonly orderId?: string }
  /** `audio` is base64 µ-law. */
  | {
      readonly type: 'audio';
      readonly responseId: string;
      readonly itemId: string;
      readonly contentIndex: number;
      readonly audio: string;
    }
  | { readonly type: 'words'; readonly responseId: string; readonly itemId: string; readonly delta: string }
  /** All words and audio of an item are there; `text` is the whole of it when the model repeats it. */
  | {
      readonly type: 'speech-complete';
      readonly responseId: string;
      readonly itemId: string;
      readonly text?: string;
    }
  | {
      readonly type: 'response-ended';
      readonly responseId: string;
      readonly status: 'completed' | 'cancelled' | 'incomplete' | 'failed';
      /** Whole tool calls only; empty unless the response was completed or cut for length. */
      readonly toolCalls: readonly ToolCall[];
      /** Set when it failed. */
      readonly errorCode?: string;
      readonly severity?: Severity;
      /** When the model wants to be asked again, if it has said so. */
      readonly retryAfterMs?: number;
    }
  /** The model refused an order because another response is active. */
  | { readonly type: 'refused-as-active'; readonly orderId?: string }
  | {
      readonly type: 'problem';
      readonly severity: Severity;
      readonly code: string;
      readonly orderId?: string;
    }
  /** The session is over, whoever ended it; nothing comes after it. */
  | { readonly type: 'closed'; readonly fault: string };

/** Words of the same conversation that another session has heard or spoken. */
export interface SaidBefore {
  readonly speaker: SpeakerRole;
  readonly text: string;
}

/** How the opening of a session went. */
export type Opening = { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly fault: string };

export type ModelListener = (event: ModelEvent) => void;

/**
 * One conversation with a speaking model. It can be opened before anyone listens: what it says until then is kept.
 * No method throws; a session that is gone does nothing.
 */
export abstract class ModelSession {
  abstract readonly adapter: AdapterName;
  /** Settles once, when the session is ready or will never be; never rejects. */
  abstract readonly opened: Promise<Opening>;
  /** Bytes that the model's side has not taken from us. */
  abstract readonly bufferedBytes: number;
  /** The one listener, from now on; first it gets what was said before. */
  abstract listen(listener: ModelListener): void;
  /** Caller's audio, base64 µ-law. Only after `ready`. */
  abstract append(audio: string): void;
  abstract respond(order: ResponseOrder): void;
  abstract cancel(responseId: string): void;
  /** Makes the model forget what was not heard. */
  abstract truncate(itemId: string, contentIndex: number, heardMs: number): void;
  /** The words of an item that are heard in its first `heardMs`; undefined where speech and words are not aligned. */
  abstract heardText(itemId: string, heardMs: number): string | undefined;
  /** Changes the silence that ends a caller's turn, and nothing else, so that the prompt's cache survives. */
  abstract listenPatiently(silenceMs: number): void;
  /** Adds a message of ours to the conversation; it answers nothing by itself. */
  abstract tell(text: string): void;
  /** Something was said to the caller in its place: it remembers it as its own, and `truncate` and `heardText` know it. */
  abstract spokenForIt(speech: OwnSpeech): void;
  /** Gives it the memory of what was said out of its hearing, e.g. before this session, oldest first. */
  abstract recall(said: readonly SaidBefore[]): void;
  abstract answerTool(callId: string, output: object): void;
  /** Takes what the caller has said so far as his turn: he has hung up in the middle of it, and no silence will prove its end. */
  abstract commitCaller(): void;
  abstract close(): void;

  /** Goes on with another session in place of this one, `why` in a stable word; false where there is no other to be had. */
  replace(_why: string): boolean {
    return false;
  }
}

/** Opens sessions. A port, because more than one model interface can carry a call. */
export abstract class ModelSessions {
  abstract open(plan: SessionPlan): ModelSession;
}

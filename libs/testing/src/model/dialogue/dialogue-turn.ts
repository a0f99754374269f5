import type { SpeechLanguage } from '../../speech/speech.js';

/** The conversation as the model remembers it. */
export type DialogueItem =
  | { readonly kind: 'system'; readonly text: string }
  | { readonly kind: 'caller'; readonly text: string }
  | { readonly kind: 'assistant'; readonly text: string }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: string }
  | { readonly kind: 'result'; readonly output: string };

export interface DialogueTool {
  readonly name: string;
  /** JSON schema of its arguments. */
  readonly parameters: unknown;
}

/** All that the model may know when it decides what to say. */
export interface DialogueContext {
  /** The session's instructions. */
  readonly instructions: string;
  /** Instructions of this one response, which go first. */
  readonly override: string | undefined;
  readonly tools: readonly DialogueTool[];
  readonly items: readonly DialogueItem[];
}

export interface ToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface DialogueTurn {
  readonly speech: string;
  readonly language: SpeechLanguage;
  readonly calls: readonly ToolCall[];
}

import type { RealtimeResponseUsage } from 'openai/resources/realtime/realtime';
import type { Entry } from './conversation.js';

const CHARACTERS_PER_TOKEN = 4;
/** One token per 100 ms of the caller's audio and per 50 ms of the model's. */
const INPUT_MS_PER_TOKEN = 100;
const OUTPUT_MS_PER_TOKEN = 50;

export interface Spent {
  readonly inputText: number;
  readonly inputAudio: number;
  readonly cachedText: number;
  readonly cachedAudio: number;
  readonly outputText: number;
  readonly outputAudio: number;
}

export function textTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

export function outputAudioTokens(audioMs: number): number {
  return Math.ceil(audioMs / OUTPUT_MS_PER_TOKEN);
}

/** What the context costs as input: text and audio tokens of all items and the instructions. */
export function contextTokens(
  instructions: string,
  entries: readonly Entry[],
): { text: number; audio: number } {
  let text = textTokens(instructions);
  let audio = 0;
  for (const { item, audioMs, heard } of entries) {
    if (audioMs !== undefined)
      audio +=
        item.type === 'message' && item.role === 'assistant'
          ? outputAudioTokens(audioMs)
          : Math.ceil(audioMs / INPUT_MS_PER_TOKEN);
    else text += textTokens(heard ?? JSON.stringify('content' in item ? item.content : item));
  }
  return { text, audio };
}

/** Cached tokens are a part of the input, not beside it. */
export function usageOf(spent: Spent): RealtimeResponseUsage {
  const input = spent.inputText + spent.inputAudio;
  const output = spent.outputText + spent.outputAudio;
  return {
    total_tokens: input + output,
    input_tokens: input,
    output_tokens: output,
    input_token_details: {
      text_tokens: spent.inputText,
      audio_tokens: spent.inputAudio,
      image_tokens: 0,
      cached_tokens: spent.cachedText + spent.cachedAudio,
      cached_tokens_details: {
        text_tokens: spent.cachedText,
        audio_tokens: spent.cachedAudio,
        image_tokens: 0,
      },
    },
    output_token_details: { text_tokens: spent.outputText, audio_tokens: spent.outputAudio },
  };
}

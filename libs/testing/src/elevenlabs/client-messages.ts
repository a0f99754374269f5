import { z } from 'zod';
import { unreadable } from './refusal.js';

const VOICE_SETTINGS = z.strictObject({
  stability: z.number().min(0).max(1).optional(),
  similarity_boost: z.number().min(0).max(1).optional(),
  style: z.number().min(0).max(1).optional(),
  use_speaker_boost: z.boolean().optional(),
  speed: z.number().min(0.7).max(1.2).optional(),
});

const GENERATION_CONFIG = z.strictObject({
  chunk_length_schedule: z.array(z.number().min(50).max(500)).min(1).optional(),
});

const DICTIONARY = z.strictObject({
  pronunciation_dictionary_id: z.string(),
  version_id: z.string().optional(),
});

/**
 * Everything a client may say to the multi-context socket, in the wire's snake case.
 * Source: `WebsocketTtsClientMessageMulti` of the official client library, @elevenlabs/elevenlabs-js.
 */
const MESSAGE = z.strictObject({
  text: z.string().nullish(),
  voice_settings: VOICE_SETTINGS.optional(),
  generation_config: GENERATION_CONFIG.optional(),
  xi_api_key: z.string().optional(),
  authorization: z.string().optional(),
  flush: z.boolean().optional(),
  pronunciation_dictionary_locators: z.array(DICTIONARY).optional(),
  context_id: z.string().min(1).max(100).optional(),
  close_context: z.boolean().optional(),
  close_socket: z.boolean().optional(),
});

export type ClientMessage = z.infer<typeof MESSAGE>;

/** @throws SpeechRefusal for whatever is not a message of the protocol */
export function parseClientMessage(text: string): ClientMessage {
  try {
    return MESSAGE.parse(JSON.parse(text));
  } catch {
    throw unreadable();
  }
}

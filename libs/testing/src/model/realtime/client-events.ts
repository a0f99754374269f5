import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import { z } from 'zod';
import { Refusal } from './refusal.js';
import { RESPONSE_PARAMS, SESSION } from './session-schema.js';
import { CONVERSATION_ITEM } from './item-schema.js';
import { refusalOf } from './refusal-of.js';

/** Audio that one append may carry, in bytes. */
const APPEND_LIMIT_BYTES = 15 * 1024 * 1024;

const eventId = z.string().max(512).optional();
const event = <T extends z.ZodRawShape>(type: string, shape: T) =>
  z.strictObject({ type: z.literal(type), event_id: eventId, ...shape });

const SCHEMAS: Readonly<Record<RealtimeClientEvent['type'], z.ZodType>> = {
  'session.update': event('session.update', { session: SESSION }),
  'input_audio_buffer.append': event('input_audio_buffer.append', { audio: z.string() }),
  'input_audio_buffer.commit': event('input_audio_buffer.commit', {}),
  'input_audio_buffer.clear': event('input_audio_buffer.clear', {}),
  'output_audio_buffer.clear': event('output_audio_buffer.clear', {}),
  'conversation.item.create': event('conversation.item.create', {
    item: CONVERSATION_ITEM,
    previous_item_id: z.string().nullish(),
  }),
  'conversation.item.delete': event('conversation.item.delete', { item_id: z.string() }),
  'conversation.item.retrieve': event('conversation.item.retrieve', { item_id: z.string() }),
  'conversation.item.truncate': event('conversation.item.truncate', {
    item_id: z.string(),
    content_index: z.literal(0),
    audio_end_ms: z.int().min(0),
  }),
  'response.create': event('response.create', { response: RESPONSE_PARAMS.optional() }),
  'response.cancel': event('response.cancel', { response_id: z.string().optional() }),
};

/** Reads one message of the client. Throws `Refusal` for whatever the API would refuse by its form. */
export function parseClientEvent(message: string): RealtimeClientEvent {
  const parsed = parseObject(message);
  const type = parsed['type'];
  if (type === undefined)
    throw new Refusal('missing_required_parameter', "Missing required parameter: 'type'.", 'type');
  if (!isClientEventType(type)) {
    const supported = Object.keys(SCHEMAS)
      .map((name) => `'${name}'`)
      .join(', ');
    throw new Refusal(
      'invalid_value',
      `Invalid value: '${String(type)}'. Supported values are: ${supported}.`,
      'type',
    );
  }
  // Fifty of these arrive per second and call: the one field is checked by hand.
  if (type === 'input_audio_buffer.append' && isPlainAppend(parsed)) return { type, audio: parsed.audio };
  const result = SCHEMAS[type].safeParse(parsed);
  if (!result.success) throw refusalOf(result.error, parsed);
  return result.data as RealtimeClientEvent;
}

/** Decodes the audio of an append. Throws `Refusal` when it is no base64 or too much. */
export function decodeAudio(base64: string): Buffer {
  if (base64.length * 0.75 > APPEND_LIMIT_BYTES) {
    throw new Refusal(
      'string_above_max_length',
      `Invalid 'audio': audio is larger than ${APPEND_LIMIT_BYTES} bytes.`,
      'audio',
    );
  }
  const audio = Buffer.from(base64, 'base64');
  if (
    base64.length === 0 ||
    Math.ceil(audio.length / 3) * 4 - base64.length > 2 ||
    !/^[A-Za-z0-9+/]+={0,2}$/u.test(base64)
  ) {
    throw new Refusal(
      'invalid_value',
      "Invalid 'audio'. Expected base64-encoded audio bytes (mono).",
      'audio',
    );
  }
  return audio;
}

function parseObject(message: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(message);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {
    // Told below, like any other message that is no JSON object.
  }
  throw new Refusal('invalid_json', 'The message is not a valid JSON object.');
}

function isClientEventType(type: unknown): type is RealtimeClientEvent['type'] {
  return typeof type === 'string' && Object.hasOwn(SCHEMAS, type);
}

function isPlainAppend(parsed: Record<string, unknown>): parsed is { type: string; audio: string } {
  return typeof parsed['audio'] === 'string' && Object.keys(parsed).length === 2;
}

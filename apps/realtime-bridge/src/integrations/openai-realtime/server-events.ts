import { isBase64 } from '@tradeline/twilio';
import type {
  ConversationItem,
  RealtimeErrorEvent,
  RealtimeServerEvent,
  ResponseCreatedEvent,
  ResponseDoneEvent,
  ResponseOutputItemDoneEvent,
} from 'openai/resources/realtime/realtime';
import type { ModelEvent, ToolCall } from '../../domain/model-session.js';
import { textOf } from '../../media/web-socket/text-socket.js';
import { AUDIO_DELTA, cutAudioDelta } from './audio-delta.js';
import { isOfProtocol } from './event-shapes.js';
import { ALREADY_ACTIVE, responseSeverityOf, retryAfterMsOf, severityOf } from './realtime-errors.js';

/** Our order's id travels in the response's metadata, which the API gives back with `response.created`. */
export const ORDER_KEY = 'order';

/** A message of the model's that says nothing to a call. */
const NOTHING: readonly ModelEvent[] = [];

const began = ({ response }: ResponseCreatedEvent): ModelEvent[] => {
  if (!response?.id) return [];
  const orderId = response.metadata?.[ORDER_KEY];
  return [
    { type: 'response-began', responseId: response.id, ...(typeof orderId === 'string' && { orderId }) },
  ];
};

const toolCallsOf = (output: readonly ConversationItem[] | undefined): ToolCall[] =>
  (output ?? []).flatMap((item) =>
    item.type === 'function_call' && item.call_id && item.status !== 'incomplete'
      ? [{ callId: item.call_id, name: item.name, argumentsJson: item.arguments }]
      : [],
  );

const ended = ({ response }: ResponseDoneEvent): ModelEvent[] => {
  if (!response?.id) return [];
  const status =
    response.status === undefined || response.status === 'in_progress' ? 'completed' : response.status;
  const toolCalls = status === 'completed' || status === 'incomplete' ? toolCallsOf(response.output) : [];
  const error = response.status_details?.error;
  if (status !== 'failed') return [{ type: 'response-ended', responseId: response.id, status, toolCalls }];
  const errorCode = error?.code ?? error?.type ?? 'unknown';
  const retryAfterMs = retryAfterMsOf(error);
  return [
    {
      type: 'response-ended',
      responseId: response.id,
      status,
      toolCalls,
      errorCode,
      severity: responseSeverityOf(errorCode, error?.type ?? ''),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    },
  ];
};

const itemDone = ({ response_id, item }: ResponseOutputItemDoneEvent): ModelEvent[] => {
  if (item?.type !== 'message' || item.role !== 'assistant' || !item.id) return [];
  const text = item.content?.map((part) => part.transcript ?? part.text ?? '').join('');
  return [{ type: 'speech-complete', responseId: response_id, itemId: item.id, ...(text && { text }) }];
};

const problem = ({ error }: RealtimeErrorEvent): ModelEvent[] => {
  const code = error?.code ?? error?.type ?? 'unknown';
  const orderId = error?.event_id ?? undefined;
  if (code === ALREADY_ACTIVE)
    return [{ type: 'refused-as-active', ...(orderId !== undefined && { orderId }) }];
  return [
    {
      type: 'problem',
      severity: severityOf(code, error?.type ?? '', orderId),
      code,
      ...(orderId !== undefined && { orderId }),
    },
  ];
};

/**
 * What one server event of the GA Realtime protocol means to a call; none for the many that mean nothing to it.
 * `session.updated` is the caller's to read: it is about the session, not the conversation.
 */
export const readServerEvent = (event: RealtimeServerEvent): readonly ModelEvent[] => {
  switch (event.type) {
    case 'input_audio_buffer.speech_started':
      return [{ type: 'caller-started', itemId: event.item_id, audioStartMs: event.audio_start_ms }];
    case 'input_audio_buffer.speech_stopped':
      return [{ type: 'caller-stopped', itemId: event.item_id, audioEndMs: event.audio_end_ms }];
    case 'input_audio_buffer.committed':
      return [{ type: 'caller-committed', itemId: event.item_id }];
    case 'conversation.item.input_audio_transcription.completed':
      return [{ type: 'caller-transcribed', itemId: event.item_id, text: event.transcript }];
    case 'conversation.item.input_audio_transcription.failed':
      return [{ type: 'caller-not-transcribed', itemId: event.item_id }];
    case 'response.created':
      return began(event);
    case AUDIO_DELTA:
      if (!event.delta) return NOTHING;
      return [
        {
          type: 'audio',
          responseId: event.response_id,
          itemId: event.item_id,
          contentIndex: event.content_index,
          audio: event.delta,
        },
      ];
    case 'response.output_audio_transcript.delta':
      return [{ type: 'words', responseId: event.response_id, itemId: event.item_id, delta: event.delta }];
    case 'response.output_item.done':
      return itemDone(event);
    case 'response.done':
      return ended(event);
    case 'error':
      return problem(event);
    default:
      return NOTHING;
  }
};

/**
 * Reads a message from its bytes. The most frequent kind is cut out of them by its layout, which is ASCII throughout; all
 * others are read as UTF-8 and parsed.
 */
export const parseServerEvent = (
  data: Buffer,
  from = 0,
  to = data.length,
): RealtimeServerEvent | undefined => {
  const audio = cutAudioDelta(data.toString('latin1', from, to));
  if (audio) return audio;
  const text = textOf(data, from, to);
  return text === undefined ? undefined : parseAnyServerEvent(text);
};

/**
 * Reads a message of whatever layout; undefined when it is not an event or a field that we rely on is not what the protocol
 * says. Speech that is not base64 is silence.
 */
export const parseAnyServerEvent = (text: string): RealtimeServerEvent | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('type' in value) || typeof value.type !== 'string')
    return undefined;
  const event = value as RealtimeServerEvent;
  if (!isOfProtocol(event)) return undefined;
  // It will be put between quotes as it is, and the phone network ends a stream that sends it something else.
  return event.type === AUDIO_DELTA && !isBase64(event.delta ?? '') ? { ...event, delta: '' } : event;
};

import { AUDIO_DELTA } from './audio-delta.js';

type Shape = (value: unknown) => boolean;

const text: Shape = (value) => typeof value === 'string';
/** A place in the audio, in milliseconds, or in a list. */
const position: Shape = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const maybe =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || value === null || shape(value);
const list =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(shape);
const object = (members: Readonly<Record<string, Shape>>): Shape => {
  const shapes = Object.entries(members);
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    shapes.every(([key, shape]) => shape((value as Record<string, unknown>)[key]));
};

const failure = object({ code: maybe(text), type: maybe(text), event_id: maybe(text) });
const item = object({
  id: maybe(text),
  call_id: maybe(text),
  name: maybe(text),
  arguments: maybe(text),
  content: maybe(list(object({ transcript: maybe(text), text: maybe(text) }))),
});
const response = object({
  id: maybe(text),
  status: maybe(text),
  output: maybe(list(item)),
  status_details: maybe(object({ error: maybe(failure) })),
});
const words = object({ response_id: text, item_id: text, delta: text });
const ofItem = object({ item_id: text });
const ofResponse = object({ response: maybe(response) });

/** The fields that a call relies on, for each event that means something to it. */
const SHAPES: ReadonlyMap<string, Shape> = new Map([
  ['input_audio_buffer.speech_started', object({ item_id: text, audio_start_ms: position })],
  ['input_audio_buffer.speech_stopped', object({ item_id: text, audio_end_ms: position })],
  ['input_audio_buffer.committed', ofItem],
  ['conversation.item.input_audio_transcription.completed', object({ item_id: text, transcript: text })],
  ['conversation.item.input_audio_transcription.failed', ofItem],
  ['conversation.item.added', object({ item: maybe(item), previous_item_id: maybe(text) })],
  ['response.created', ofResponse],
  ['response.done', ofResponse],
  [AUDIO_DELTA, object({ response_id: text, item_id: text, content_index: position, delta: maybe(text) })],
  ['response.output_audio_transcript.delta', words],
  ['response.output_text.delta', words],
  ['response.output_item.added', object({ response_id: text, item: maybe(item) })],
  ['response.output_item.done', object({ response_id: text, item: maybe(item) })],
  ['error', object({ error: maybe(failure) })],
]);

/** Whether an event has the fields that the protocol promises; one that means nothing to a call may be anything. */
export const isOfProtocol = (event: { readonly type: string }): boolean =>
  SHAPES.get(event.type)?.(event) ?? true;

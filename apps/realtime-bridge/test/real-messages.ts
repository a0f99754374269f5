import { encodeStreamMessage } from '@tradeline/twilio';
import type { ModelMessage } from './scripted-model.js';
import type { SeededNumbers } from './seeded-numbers.js';

/** Every byte there is, in an order that does not repeat within a message. */
const SOUND = Buffer.from(Uint8Array.from({ length: 1_024 }, (_, i) => (i * i + 7 * i) % 257));

const audio = (numbers: SeededNumbers, bytes: number): string => {
  const from = numbers.below(SOUND.length - bytes);
  return SOUND.toString('base64', from, from + bytes - numbers.below(3));
};

/** One of all that Twilio says on a media stream; mostly audio, as it is. */
export const phoneMessage = (numbers: SeededNumbers): string => {
  const sequence = numbers.below(100_000);
  const streamSid = `MZ${numbers.below(3)}`;
  const [accountSid, callSid] = ['AC1', 'CA1'];
  if (numbers.below(3) > 0)
    return encodeStreamMessage({
      event: 'media',
      sequence,
      streamSid,
      track: 'inbound',
      chunk: sequence,
      timestampMs: sequence * 20,
      payload: audio(numbers, 160),
    });
  return encodeStreamMessage(
    numbers.oneOf([
      { event: 'connected', protocol: 'Call', version: '1.0.0' },
      {
        event: 'start',
        sequence: 1,
        streamSid,
        accountSid,
        callSid,
        tracks: ['inbound'],
        customParameters: { token: 'a-token' },
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
      },
      { event: 'mark', sequence, streamSid, name: `g1.${numbers.below(9)}` },
      { event: 'dtmf', sequence, streamSid, digit: '5' },
      { event: 'stop', sequence, streamSid, accountSid, callSid },
    ]),
  );
};

/** One of the events of a realtime session that mean something to a call; their ids meet again and again. */
export const modelMessage = (numbers: SeededNumbers): string => {
  const id = numbers.below(4);
  const [response_id, item_id, caller_item_id] = [`resp_${id}`, `item_${id}`, `caller_${id}`];
  const at = { response_id, item_id, output_index: 0, content_index: 0 };
  const call = { type: 'function_call', id: 'f', status: 'completed', call_id: `call_${id}` };
  const name = JSON.stringify({ name: 'caller_name', value: 'Marie', read_back: false });
  const message = { id: item_id, type: 'message', role: 'assistant', status: 'completed' };
  const events: ModelMessage[] = [
    { type: 'input_audio_buffer.speech_started', item_id: caller_item_id, audio_start_ms: 100 },
    { type: 'input_audio_buffer.speech_stopped', item_id: caller_item_id, audio_end_ms: 900 },
    { type: 'input_audio_buffer.committed', item_id: caller_item_id, previous_item_id: null },
    {
      type: 'conversation.item.input_audio_transcription.completed',
      item_id: caller_item_id,
      content_index: 0,
      transcript: 'My name is Marie.',
    },
    { type: 'conversation.item.input_audio_transcription.failed', item_id: caller_item_id, error: {} },
    { type: 'conversation.item.added', previous_item_id: null, item: { ...message, content: [] } },
    { type: 'response.created', response: { id: response_id, status: 'in_progress', metadata: {} } },
    { type: 'response.output_audio.delta', ...at, delta: audio(numbers, 400) },
    { type: 'response.output_audio_transcript.delta', ...at, delta: 'Thank you. ' },
    { type: 'response.output_text.delta', ...at, delta: 'Thank you. ' },
    {
      type: 'response.output_item.done',
      response_id,
      output_index: 0,
      item: { ...message, content: [{ type: 'output_audio', transcript: 'Thank you.' }] },
    },
    {
      type: 'response.done',
      response: {
        id: response_id,
        status: numbers.oneOf(['completed', 'cancelled', 'incomplete', 'failed']),
        status_details: { type: 'failed', error: { type: 'server_error', code: 'server_error' } },
        output: [{ ...call, name: 'capture_field', arguments: name }],
      },
    },
    { type: 'error', error: { type: 'server_error', code: 'server_error', message: '', event_id: null } },
    { type: 'rate_limits.updated', rate_limits: [{ name: 'tokens', limit: 1, remaining: 1 }] },
  ];
  return JSON.stringify({ event_id: `event_${numbers.below(1_000)}`, ...numbers.oneOf(events) });
};

/** One of all that ElevenLabs says on a multi-context socket. */
export const speechMessage = (numbers: SeededNumbers): string => {
  const contextId = `item_${numbers.below(4)}`;
  const alignment = { chars: ['H', 'i', ' '], charStartTimesMs: [0, 40, 90], charDurationsMs: [40, 50, 30] };
  return JSON.stringify(
    numbers.oneOf<object>([
      { audio: audio(numbers, 400), contextId, alignment, normalizedAlignment: alignment },
      { audio: audio(numbers, 400), contextId, alignment: null },
      { isFinal: true, contextId },
      { error: 'quota_exceeded', message: 'There is nothing left.', code: 1008 },
    ]),
  );
};

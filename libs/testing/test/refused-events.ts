export const session = (fields: Record<string, unknown>): Record<string, unknown> => ({
  type: 'session.update',
  session: { type: 'realtime', ...fields },
});
export const input = (fields: Record<string, unknown>): Record<string, unknown> =>
  session({ audio: { input: fields } });
export const item = (fields: Record<string, unknown>): Record<string, unknown> => ({
  type: 'conversation.item.create',
  item: fields,
});

/** Wrong by form: the official types refuse these too, where they can tell. */
export const WRONG_FORMS: [string, Record<string, unknown>, string, string | null][] = [
  ['an unknown event', { type: 'response.speak' }, 'invalid_value', 'type'],
  ['a beta event', { type: 'transcription_session.update', session: {} }, 'invalid_value', 'type'],
  ['no type', { audio: 'AAAA' }, 'missing_required_parameter', 'type'],
  [
    'a session without its type',
    { type: 'session.update', session: { instructions: 'x' } },
    'missing_required_parameter',
    'session.type',
  ],
  ['an unknown session field', session({ temperature: 0.8 }), 'unknown_parameter', 'session.temperature'],
  ['the beta voice field', session({ voice: 'marin' }), 'unknown_parameter', 'session.voice'],
  ['a beta audio format', input({ format: 'g711_ulaw' }), 'invalid_type', 'session.audio.input.format'],
  [
    'an unknown audio format',
    input({ format: { type: 'g711_ulaw' } }),
    'invalid_value',
    'session.audio.input.format.type',
  ],
  [
    'PCM at another rate',
    input({ format: { type: 'audio/pcm', rate: 16_000 } }),
    'invalid_value',
    'session.audio.input.format.rate',
  ],
  [
    'an unknown turn detection',
    input({ turn_detection: { type: 'magic' } }),
    'invalid_value',
    'session.audio.input.turn_detection.type',
  ],
  [
    'a threshold that is a word',
    input({ turn_detection: { type: 'server_vad', threshold: 'high' } }),
    'invalid_type',
    'session.audio.input.turn_detection.threshold',
  ],
  [
    'idle time with semantic detection',
    input({ turn_detection: { type: 'semantic_vad', idle_timeout_ms: 6_000 } }),
    'unknown_parameter',
    'session.audio.input.turn_detection.idle_timeout_ms',
  ],
  ['append without audio', { type: 'input_audio_buffer.append' }, 'missing_required_parameter', 'audio'],
  ['append of numbers', { type: 'input_audio_buffer.append', audio: [1, 2] }, 'invalid_type', 'audio'],
  ['an item of no known type', item({ type: 'thought' }), 'invalid_value', 'item.type'],
  [
    'a message of nobody',
    item({ type: 'message', role: 'caller', content: [] }),
    'invalid_value',
    'item.role',
  ],
  [
    'a result without its call',
    item({ type: 'function_call_output', output: '{}' }),
    'missing_required_parameter',
    'item.call_id',
  ],
  [
    'truncate without an item',
    { type: 'conversation.item.truncate', content_index: 0, audio_end_ms: 1 },
    'missing_required_parameter',
    'item_id',
  ],
  [
    'truncate without a time',
    { type: 'conversation.item.truncate', item_id: 'item_x', content_index: 0 },
    'missing_required_parameter',
    'audio_end_ms',
  ],
  ['delete without an item', { type: 'conversation.item.delete' }, 'missing_required_parameter', 'item_id'],
  [
    'an unknown modality',
    { type: 'response.create', response: { output_modalities: ['video'] } },
    'invalid_value',
    'response.output_modalities[0]',
  ],
];

/** Right by the types, refused for what they ask. */
export const WRONG_REQUESTS: [string, Record<string, unknown>, string][] = [
  ['speech and text at once', session({ output_modalities: ['audio', 'text'] }), 'invalid_value'],
  [
    'a threshold above one',
    input({ turn_detection: { type: 'server_vad', threshold: 1.5 } }),
    'invalid_value',
  ],
  ['a speed that nobody understands', session({ audio: { output: { speed: 3 } } }), 'invalid_value'],
  ['an unknown voice', session({ audio: { output: { voice: 'gravel' } } }), 'invalid_value'],
  ['another model', session({ model: 'gpt-realtime-1.5' }), 'cannot_update_model'],
  [
    'a transcription session',
    { type: 'session.update', session: { type: 'transcription' } },
    'invalid_value',
  ],
  ['A-law, which the sandbox does not speak', input({ format: { type: 'audio/pcma' } }), 'invalid_value'],
  [
    'assistant audio made by the client',
    item({ type: 'message', role: 'assistant', content: [{ type: 'output_audio', audio: 'AAAA' }] }),
    'invalid_value',
  ],
  [
    'a result of a call that was never made',
    item({ type: 'function_call_output', call_id: 'call_x', output: '{}' }),
    'invalid_tool_call_id',
  ],
  ['audio that is no base64', { type: 'input_audio_buffer.append', audio: '%%%%' }, 'invalid_value'],
  [
    'more than 15 MiB at once',
    { type: 'input_audio_buffer.append', audio: 'A'.repeat(21 * 1024 * 1024) },
    'string_above_max_length',
  ],
  ['commit of nothing', { type: 'input_audio_buffer.commit' }, 'input_audio_buffer_commit_empty'],
  ['cancel of nothing', { type: 'response.cancel' }, 'response_cancel_not_active'],
  [
    'retrieve of nothing',
    { type: 'conversation.item.retrieve', item_id: 'item_x' },
    'item_retrieve_invalid_item_id',
  ],
  [
    'delete of nothing',
    { type: 'conversation.item.delete', item_id: 'item_x' },
    'item_delete_invalid_item_id',
  ],
  [
    'truncate of nothing',
    { type: 'conversation.item.truncate', item_id: 'item_x', content_index: 0, audio_end_ms: 0 },
    'item_truncate_invalid_item_id',
  ],
  [
    'an item behind nothing',
    { ...item({ type: 'message', role: 'user', content: [] }), previous_item_id: 'item_x' },
    'item_create_invalid_previous_item_id',
  ],
  ['clearing an output buffer that only WebRTC has', { type: 'output_audio_buffer.clear' }, 'invalid_value'],
];

import { describe, expect, it } from '@jest/globals';
import { realtimeAddress } from './realtime-address.js';
import { responseSeverityOf, retryAfterMsOf, severityOf } from './realtime-errors.js';
import { parseServerEvent, readServerEvent } from './server-events.js';

describe('the address of the realtime socket', () => {
  it.each([
    ['https://api.openai.com/v1', 'wss://api.openai.com/v1/realtime?model=gpt-realtime-2.1'],
    ['https://eu.example/openai/v1/', 'wss://eu.example/openai/v1/realtime?model=gpt-realtime-2.1'],
    ['http://127.0.0.1:9000/openai/v1', 'ws://127.0.0.1:9000/openai/v1/realtime?model=gpt-realtime-2.1'],
    ['ws://127.0.0.1:9000/v1', 'ws://127.0.0.1:9000/v1/realtime?model=gpt-realtime-2.1'],
  ])('of %s is %s', (base, expected) => {
    expect(realtimeAddress(base, 'gpt-realtime-2.1')).toBe(expected);
  });
});

describe('an error of the model', () => {
  it.each([
    ['session_expired', 'invalid_request_error', undefined, 'fatal'],
    ['insufficient_quota', 'insufficient_quota', undefined, 'fatal'],
    ['invalid_api_key', 'invalid_request_error', undefined, 'fatal'],
    ['whatever', 'authentication_error', undefined, 'fatal'],
    ['billing_hard_limit_reached', '', undefined, 'fatal'],
    ['account_deactivated', '', undefined, 'fatal'],
    ['rate_limit_exceeded', 'tokens', undefined, 'fatal'],
    ['response_cancel_not_active', 'invalid_request_error', undefined, 'benign'],
    ['conversation_already_has_active_response', 'invalid_request_error', undefined, 'benign'],
    ['invalid_value', 'invalid_request_error', 'harmless_3', 'benign'],
    ['invalid_value', 'invalid_request_error', 'order_3', 'retryable'],
    ['server_error', 'server_error', undefined, 'retryable'],
  ])('%s (%s, %s) is %s', (code, type, eventId, severity) => {
    expect(severityOf(code, type, eventId)).toBe(severity);
  });

  it('that ends a response leaves the session, when it is only a limit', () => {
    expect(responseSeverityOf('rate_limit_exceeded', 'tokens')).toBe('retryable');
    expect(responseSeverityOf('insufficient_quota', 'insufficient_quota')).toBe('fatal');
  });

  it.each([
    ['Rate limit reached for tokens per min. Please try again in 1.5s.', 1_500],
    ['Please try again in 820ms. Visit the dashboard.', 820],
    ['Please try again in 1m6.2s.', 66_200],
    ['Too many requests.', undefined],
  ])('tells when to ask again: %s', (message, expected) => {
    expect(retryAfterMsOf({ code: 'rate_limit_exceeded', message })).toBe(expected);
    expect(retryAfterMsOf(undefined)).toBeUndefined();
  });
});

describe('a message of the model', () => {
  const meaningOf = (message: object) => {
    const event = parseServerEvent(Buffer.from(JSON.stringify(message)));
    return event ? readServerEvent(event) : 'unreadable';
  };

  it.each<[string, object, unknown]>([
    [
      'its tool calls once it is whole',
      {
        type: 'response.done',
        response: {
          id: 'r',
          status: 'completed',
          output: [{ type: 'function_call', status: 'completed', call_id: 'c', name: 'n', arguments: '{}' }],
        },
      },
      [
        {
          type: 'response-ended',
          responseId: 'r',
          status: 'completed',
          toolCalls: [{ callId: 'c', name: 'n', argumentsJson: '{}' }],
        },
      ],
    ],
    [
      'no tool call of a cancelled response',
      {
        type: 'response.done',
        response: {
          id: 'r',
          status: 'cancelled',
          output: [{ type: 'function_call', status: 'completed', call_id: 'c', name: 'n', arguments: '{}' }],
        },
      },
      [{ type: 'response-ended', responseId: 'r', status: 'cancelled', toolCalls: [] }],
    ],
    [
      'no tool call that was cut off',
      {
        type: 'response.done',
        response: {
          id: 'r',
          status: 'incomplete',
          output: [
            { type: 'function_call', status: 'incomplete', call_id: 'c', name: 'n', arguments: '{"a' },
          ],
        },
      },
      [{ type: 'response-ended', responseId: 'r', status: 'incomplete', toolCalls: [] }],
    ],
    [
      'which order a response answers',
      { type: 'response.created', response: { id: 'r', metadata: { order: 'order_1' } } },
      [{ type: 'response-began', responseId: 'r', orderId: 'order_1' }],
    ],
    [
      'the whole words of an item',
      {
        type: 'response.output_item.done',
        response_id: 'r',
        output_index: 0,
        item: {
          id: 'i',
          type: 'message',
          role: 'assistant',
          content: [{ type: 'output_audio', transcript: 'Hi' }],
        },
      },
      [{ type: 'speech-complete', responseId: 'r', itemId: 'i', text: 'Hi' }],
    ],
    ['nothing, when it is of no concern to a call', { type: 'rate_limits.updated', rate_limits: [] }, []],
    ['nothing, when it is of tomorrow', { type: 'response.hologram.delta' }, []],
    ['nothing, when it lacks what matters', { type: 'response.done' }, []],
    [
      'nothing, when speech has no sound',
      { type: 'response.output_audio.delta', response_id: 'r', item_id: 'i', content_index: 0 },
      [],
    ],
    [
      'that it is unreadable, when a list is none',
      { type: 'response.done', response: { id: 'r', status: 'completed', output: 'none' } },
      'unreadable',
    ],
    [
      'that it is unreadable, when an item is none',
      { type: 'response.done', response: { id: 'r', status: 'completed', output: [null] } },
      'unreadable',
    ],
    [
      'that it is unreadable, when the words of an item are none',
      { type: 'response.output_item.done', response_id: 'r', item: { id: 'i', content: 'Hi' } },
      'unreadable',
    ],
    [
      'that it is unreadable, when speech began at no time',
      { type: 'input_audio_buffer.speech_started', item_id: 'c', audio_start_ms: 1e308 },
      'unreadable',
    ],
    [
      'that it is unreadable, when a field is not what it should be',
      { type: 'response.output_audio.delta', delta: 7 },
      'unreadable',
    ],
    ['that it is unreadable, when it has no type', { hello: 1 }, 'unreadable'],
  ])('tells %s', (_, message, expected) => {
    expect(meaningOf(message)).toEqual(expected);
  });
});

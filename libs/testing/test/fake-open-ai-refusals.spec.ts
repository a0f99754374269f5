import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createSpeech, startFakeOpenAi, type RunningFakeOpenAi } from '../src/index.js';
import { WebSocket } from 'ws';
import { officialEventCheck, type EventCheck } from './openai-schemas.js';
import { RealtimeClient } from './realtime-client.js';
import { input, item, session, WRONG_FORMS, WRONG_REQUESTS } from './refused-events.js';

const INSTANT = { connectMs: 0, firstAudioMs: 0, transcriptionMs: 0, responsesMs: 0 };

describe('what the fake model refuses', () => {
  let fake: RunningFakeOpenAi;
  let client: RealtimeClient;
  let serverFault: EventCheck;
  let clientFault: EventCheck;

  beforeAll(async () => {
    serverFault = await officialEventCheck('RealtimeServerEvent');
    clientFault = await officialEventCheck('RealtimeClientEvent');
    fake = await startFakeOpenAi({
      speech: createSpeech(),
      delays: INSTANT,
      audioSpeed: 500,
      apiKey: 'sk-right',
    });
  }, 60_000);

  afterAll(() => fake.close());

  beforeEach(async () => {
    client = await RealtimeClient.connect(fake, {}, 'sk-right');
  });

  afterEach(() => {
    expect(client.events.map(serverFault).filter(Boolean)).toEqual([]);
    client.close();
  });

  it.each(WRONG_FORMS)('%s, and the official types agree', async (_, event, code, param) => {
    client.send({ ...event, event_id: 'my_event' });
    const { error } = await client.first('error');
    expect(error).toMatchObject({ type: 'invalid_request_error', code, param, event_id: 'my_event' });
    expect(clientFault(event)).toBeDefined();
  });

  it.each(WRONG_REQUESTS)('%s', async (_, event, code) => {
    client.send(event);
    expect((await client.first('error')).error).toMatchObject({ type: 'invalid_request_error', code });
  });

  it('takes every form of a good event, and the official types agree', async () => {
    const good: Record<string, unknown>[] = [
      session({
        instructions: 'x',
        output_modalities: ['text'],
        max_output_tokens: 4_096,
        tracing: 'auto',
        truncation: {
          type: 'retention_ratio',
          retention_ratio: 0.8,
          token_limits: { post_instructions: 8_000 },
        },
        reasoning: { effort: 'low' },
        parallel_tool_calls: true,
        tool_choice: 'auto',
      }),
      input({
        format: { type: 'audio/pcmu' },
        noise_reduction: { type: 'near_field' },
        transcription: { model: 'gpt-live-transcribe', languages: ['en', 'fr'], keywords: ['furnace'] },
        turn_detection: { type: 'server_vad', idle_timeout_ms: null },
      }),
      session({ audio: { output: { format: { type: 'audio/pcmu' }, voice: 'cedar', speed: 1.1 } } }),
      input({ turn_detection: null }),
      { type: 'input_audio_buffer.append', audio: Buffer.alloc(1_600, 0xff).toString('base64') },
      { type: 'input_audio_buffer.commit' },
      { type: 'input_audio_buffer.clear' },
      item({
        id: 'item_mine',
        type: 'message',
        role: 'system',
        content: [{ type: 'input_text', text: 'Known so far:' }],
      }),
      item({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello.' }] }),
      item({ type: 'function_call', name: 'capture_field', call_id: 'call_1', arguments: '{}' }),
      item({ type: 'function_call_output', call_id: 'call_1', output: '{}' }),
      {
        ...item({ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] }),
        previous_item_id: 'root',
      },
      { type: 'conversation.item.retrieve', item_id: 'item_mine' },
      { type: 'conversation.item.delete', item_id: 'item_mine' },
    ];
    for (const event of good) client.send(event);
    await client.first('conversation.item.deleted');
    expect(good.map(clientFault).filter(Boolean)).toEqual([]);
    expect(client.of('error')).toEqual([]);
  });

  it('keeps to the order of a conversation in which something was put first', async () => {
    client.send(
      item({ id: 'second', type: 'message', role: 'user', content: [{ type: 'input_text', text: 'b' }] }),
    );
    client.send({
      ...item({ id: 'first', type: 'message', role: 'user', content: [{ type: 'input_text', text: 'a' }] }),
      previous_item_id: 'root',
    });
    client.send({
      ...item({ id: 'third', type: 'message', role: 'user', content: [{ type: 'input_text', text: 'c' }] }),
      previous_item_id: 'second',
    });
    await client.nth('conversation.item.added', 3);
    expect(client.of('conversation.item.added').map((event) => event.previous_item_id)).toEqual([
      null,
      null,
      'second',
    ]);
  });

  it('a second response while one is active', async () => {
    fake.control.setAudioSpeed(4);
    client.send({
      type: 'response.create',
      response: { instructions: 'Say: "This takes a little while to say."' },
    });
    client.send({ type: 'response.create', event_id: 'too_soon' });
    expect((await client.first('error')).error).toMatchObject({
      code: 'conversation_already_has_active_response',
      event_id: 'too_soon',
    });
    fake.control.setAudioSpeed(500);
    expect((await client.first('response.done')).response.status).toBe('completed');
  });

  it('a truncation beyond the audio that exists', async () => {
    client.send({ type: 'response.create', response: { instructions: 'Say: "Good morning."' } });
    const done = await client.first('response.output_audio.done');
    const lengthMs = client.audioOf(done.item_id).length / 8;
    client.send({
      type: 'conversation.item.truncate',
      item_id: done.item_id,
      content_index: 0,
      audio_end_ms: lengthMs + 1,
    });
    expect((await client.first('error')).error).toMatchObject({
      code: 'invalid_value',
      message: `Audio content of ${lengthMs}ms is already shorter than ${lengthMs + 1}ms`,
    });
    client.send({
      type: 'conversation.item.truncate',
      item_id: done.item_id,
      content_index: 0,
      audio_end_ms: lengthMs,
    });
    await client.first('conversation.item.truncated');
  });

  it('another voice after the first audio', async () => {
    client.send({ type: 'response.create', response: { instructions: 'Say: "Good morning."' } });
    await client.first('response.done');
    client.send(session({ audio: { output: { voice: 'cedar' } } }));
    expect((await client.first('error')).error).toMatchObject({ code: 'cannot_update_voice' });
  });

  it('what is no JSON, and goes on', async () => {
    client.send('{"type":');
    expect((await client.first('error')).error).toMatchObject({ code: 'invalid_json' });
    client.send({ type: 'input_audio_buffer.clear' });
    await client.first('input_audio_buffer.cleared');
  });

  it.each([
    ['no key', '?model=gpt-realtime-2.1', {}, 401],
    ['a wrong key', '?model=gpt-realtime-2.1', { authorization: 'Bearer sk-wrong' }, 401],
    ['no model', '', { authorization: 'Bearer sk-right' }, 400],
  ])('a socket with %s', async (_, query, headers, status) => {
    expect(await statusOf(new WebSocket(`${fake.realtimeUrl}${query}`, { headers }))).toBe(status);
  });

  it.each([
    [
      'the beta header',
      'gpt-realtime-2.1',
      { 'openai-beta': 'realtime=v1' },
      'invalid_request_error.beta_api_shape_disabled',
    ],
    ['a model that is none', 'gpt-unheard-of', {}, 'invalid_request_error.model_not_found'],
  ])('a session with %s', async (_, model, headers, reason) => {
    const socket = new WebSocket(`${fake.realtimeUrl}?model=${model}`, {
      headers: { authorization: 'Bearer sk-right', ...headers },
    });
    const closed = await new Promise((resolve) =>
      socket.on('close', (code, why) => resolve({ code, reason: why.toString() })),
    );
    expect(closed).toEqual({ code: 4_000, reason });
  });
});

function statusOf(socket: WebSocket): Promise<number | undefined> {
  return new Promise((resolve) => {
    socket.on('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode);
    });
    socket.on('open', () => resolve(101));
    socket.on('error', () => undefined);
  });
}

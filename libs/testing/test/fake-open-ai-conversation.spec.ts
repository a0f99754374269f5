import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createSpeech,
  joinAudio,
  muLawSilence,
  PhraseBook,
  startFakeOpenAi,
  type FakeOpenAiOptions,
  type RunningFakeOpenAi,
} from '../src/index.js';
import { officialEventCheck, type EventCheck } from './openai-schemas.js';
import { RealtimeClient, TELEPHONE } from './realtime-client.js';

const INSTRUCTIONS = [
  'You are the receptionist of Nordic Plumbing.',
  'Answer in at most two sentences.',
  'Languages: en-CA, fr-CA',
  'Find out, one at a time: caller_name, callback_number.',
].join('\n');
const CAPTURE_FIELD = {
  type: 'function' as const,
  name: 'capture_field',
  parameters: {
    type: 'object',
    properties: { name: { type: 'string' }, value: { type: 'string' }, read_back: { type: 'boolean' } },
  },
};
const INSTANT = { connectMs: 0, firstAudioMs: 0, transcriptionMs: 0, responsesMs: 0 };

describe('a conversation with the fake model', () => {
  const speech = createSpeech();
  const phraseBook = new PhraseBook();
  let fake: RunningFakeOpenAi;
  let client: RealtimeClient;
  let fault: EventCheck;

  beforeAll(async () => {
    fault = await officialEventCheck('RealtimeServerEvent');
  }, 60_000);

  const open = async (options: FakeOpenAiOptions = {}): Promise<void> => {
    fake = await startFakeOpenAi({
      speech,
      phraseBook,
      delays: INSTANT,
      audioSpeed: 500,
      toolStyle: 'with-speech',
      ...options,
    });
    client = await RealtimeClient.connect(fake, { instructions: INSTRUCTIONS, tools: [CAPTURE_FIELD] });
  };

  beforeEach(() => open());

  afterEach(async () => {
    expect(client.events.map(fault).filter(Boolean)).toEqual([]);
    client.close();
    await fake.close();
  });

  const callerSays = async (text: string, language = 'en'): Promise<Uint8Array> => {
    const audio = await speech.speak(text, language, 'caller');
    phraseBook.register(text, language, audio);
    return audio;
  };

  it('hears a sentence, transcribes it, answers it aloud and calls a tool, in the order of the hosted API', async () => {
    client.speak(joinAudio(muLawSilence(1_000), await callerSays('Hello, my name is Daniel Carter.')));
    await client.first('response.done');
    await client.first('conversation.item.input_audio_transcription.completed');
    const isPiece = (type: string): boolean => /transcription|output_audio.*delta/u.test(type);
    const order = client.events
      .map((event) => event.type)
      .filter((type, index, all) => type !== all[index - 1] && !isPiece(type));
    expect(order).toEqual([
      'session.created',
      'session.updated',
      'input_audio_buffer.speech_started',
      'input_audio_buffer.speech_stopped',
      'input_audio_buffer.committed',
      'conversation.item.added',
      'conversation.item.done',
      'response.created',
      'rate_limits.updated',
      'response.output_item.added',
      'conversation.item.added',
      'response.content_part.added',
      'response.output_audio.done',
      'response.output_audio_transcript.done',
      'response.content_part.done',
      'conversation.item.done',
      'response.output_item.done',
      'response.output_item.added',
      'conversation.item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'conversation.item.done',
      'response.output_item.done',
      'response.done',
    ]);
    expect(client.of('conversation.item.input_audio_transcription.completed')[0]?.transcript).toBe(
      'Hello, my name is Daniel Carter.',
    );
    expect(
      client
        .of('response.output_audio_transcript.delta')
        .map((event) => event.delta)
        .join(''),
    ).toBe(client.said()[0]);
    expect(client.said()).toEqual(['Thank you, Daniel. What is the best number to call you back?']);
    expect(client.toolCalls()).toEqual([
      { name: 'capture_field', arguments: { name: 'caller_name', value: 'Daniel Carter', read_back: false } },
    ]);
  });

  it('dates the turn on the audio clock, with its padding and its silence', async () => {
    client.speak(joinAudio(muLawSilence(1_000), await callerSays('Hello, is anybody there?')));
    const started = await client.first('input_audio_buffer.speech_started');
    const stopped = await client.first('input_audio_buffer.speech_stopped');
    expect(started.audio_start_ms).toBeGreaterThanOrEqual(680);
    expect(started.audio_start_ms).toBeLessThanOrEqual(720);
    const spokenMs = (await callerSays('Hello, is anybody there?')).length / 8;
    expect(stopped.audio_end_ms - 1_000).toBeGreaterThan(spokenMs);
    expect(stopped.audio_end_ms - 1_000).toBeLessThan(spokenMs + 480);
    expect(stopped.item_id).toBe(started.item_id);
  });

  it('says its words in audio that the phone recognises, faster than they last', async () => {
    await fake.close();
    await open({ audioSpeed: 8 });
    const before = Date.now();
    client.send({
      type: 'response.create',
      response: { instructions: 'Greet the caller: "Good morning, this is Nordic Plumbing speaking."' },
    });
    const done = await client.first('response.output_audio.done');
    const audio = client.audioOf(done.item_id);
    expect(phraseBook.recognise(audio)).toMatchObject({
      text: 'Good morning, this is Nordic Plumbing speaking.',
      exact: true,
    });
    expect(client.of('response.output_audio.delta').length).toBeGreaterThan(3);
    expect(Date.now() - before).toBeLessThan(audio.length / 8 / 2);
  });

  it('hears the other call when the audio of two calls is swapped', async () => {
    const other = await RealtimeClient.connect(fake, { instructions: INSTRUCTIONS });
    const [mine, yours] = [
      await callerSays('My name is Anna Bell.'),
      await callerSays('My name is Carl Dunn.'),
    ];
    client.speak(yours);
    other.speak(mine);
    expect((await client.first('conversation.item.input_audio_transcription.completed')).transcript).toBe(
      'My name is Carl Dunn.',
    );
    expect((await other.first('conversation.item.input_audio_transcription.completed')).transcript).toBe(
      'My name is Anna Bell.',
    );
    other.close();
  });

  it('mishears a number when frames of it are lost', async () => {
    const audio = await callerSays('My number is five one four, five five five, zero one nine nine.');
    client.speak(joinAudio(audio.subarray(0, 160 * 60), audio.subarray(160 * 90)));
    const { transcript } = await client.first('conversation.item.input_audio_transcription.completed');
    expect(transcript).not.toContain('five one four, five five five, zero');
    await client.first('response.done');
    expect(client.toolCalls().some((call) => call.arguments['value'] === '5145550199')).toBe(false);
  });

  it('goes on after a truncation with what was heard, and forgets the text', async () => {
    client.send({
      type: 'response.create',
      response: { instructions: 'Say: "One two three four five six seven eight nine ten."' },
    });
    const done = await client.first('response.output_audio.done');
    const heardMs = Math.floor(client.audioOf(done.item_id).length / 8 / 2);
    client.send({
      type: 'conversation.item.truncate',
      item_id: done.item_id,
      content_index: 0,
      audio_end_ms: heardMs,
    });
    expect(await client.first('conversation.item.truncated')).toMatchObject({
      item_id: done.item_id,
      audio_end_ms: heardMs,
    });
    client.send({ type: 'conversation.item.retrieve', item_id: done.item_id });
    const retrieved = await client.first('conversation.item.retrieved');
    expect(JSON.stringify(retrieved.item)).not.toContain('seven');
  });

  it('cancels in the middle of its audio and says nothing more of that response', async () => {
    await fake.close();
    await open({ audioSpeed: 4 });
    client.send({
      type: 'response.create',
      response: { instructions: `Say: "${'Long stories take their time. '.repeat(8)}"` },
    });
    await client.first('response.output_audio.delta');
    client.send({ type: 'response.cancel' });
    const done = await client.first('response.done');
    expect(done.response).toMatchObject({
      status: 'cancelled',
      status_details: { type: 'cancelled', reason: 'client_cancelled' },
    });
    expect(done.response.output?.[0]).toMatchObject({ type: 'message', status: 'incomplete' });
    const after = client.events.length;
    client.send({ type: 'response.create', response: { instructions: 'Say: "And now something else."' } });
    await client.nth('response.done', 2);
    const id = done.response.id;
    expect(
      client.events.slice(after).some((event) => 'response_id' in event && event.response_id === id),
    ).toBe(false);
  });

  it('stops by itself when the caller speaks, where the session wants that', async () => {
    client.send({
      type: 'session.update',
      session: {
        type: 'realtime',
        audio: {
          input: {
            turn_detection: {
              ...TELEPHONE.input.turn_detection,
              interrupt_response: true,
              create_response: false,
            },
          },
        },
      },
    });
    fake.control.setAudioSpeed(2);
    client.send({
      type: 'response.create',
      response: { instructions: `Say: "${'Long stories take their time. '.repeat(8)}"` },
    });
    await client.first('response.output_audio.delta');
    client.speak(await callerSays('Excuse me, I have a question.'));
    const done = await client.first('response.done');
    expect(done.response.status_details).toEqual({ type: 'cancelled', reason: 'turn_detected' });
    await client.first('conversation.item.input_audio_transcription.completed');
    expect(client.of('response.created')).toHaveLength(1);
  });

  it('answers a turn that ended during a response after that response', async () => {
    fake.control.setAudioSpeed(20);
    client.send({
      type: 'response.create',
      response: { instructions: `Say: "${'Long stories take their time. '.repeat(8)}"` },
    });
    await client.first('response.output_audio.delta');
    client.speak(await callerSays('My name is Anna Bell.'));
    await client.nth('response.done', 2);
    expect(client.of('error')).toEqual([]);
    expect(client.said()[1]).toContain('Thank you, Anna.');
  });

  it('asks whether anybody is there after the idle time, counted from the end of its audio', async () => {
    client.send({
      type: 'session.update',
      session: {
        type: 'realtime',
        audio: { input: { turn_detection: { ...TELEPHONE.input.turn_detection, idle_timeout_ms: 5_000 } } },
      },
    });
    client.send({ type: 'response.create', response: { instructions: 'Say: "How can I help you today?"' } });
    const done = await client.first('response.output_audio.done');
    await client.first('response.done');
    const spokenMs = client.audioOf(done.item_id).length / 8;
    client.speak(muLawSilence(spokenMs + 4_900), 0);
    client.send({ type: 'conversation.item.retrieve', item_id: done.item_id });
    await client.first('conversation.item.retrieved');
    expect(client.of('input_audio_buffer.timeout_triggered')).toEqual([]);
    client.speak(muLawSilence(200), 0);
    const timeout = await client.first('input_audio_buffer.timeout_triggered');
    expect(timeout.audio_end_ms - timeout.audio_start_ms).toBeGreaterThanOrEqual(5_000);
    await client.nth('response.done', 2);
    expect(client.said()[1]).toBe('Are you still there?');
  });

  it('calls its tools first and speaks after their results, where that is its style', async () => {
    fake.control.setToolStyle('calls-only');
    client.speak(await callerSays('My name is Anna Bell.'));
    const done = await client.first('response.done');
    const call = done.response.output?.[0];
    expect(done.response.output?.map((item) => item.type)).toEqual(['function_call']);
    if (call?.type !== 'function_call' || !call.call_id) throw new Error('a call was expected');
    client.send({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: call.call_id, output: '{"ok":true}' },
    });
    client.send({ type: 'response.create' });
    await client.nth('response.done', 2);
    expect(client.said()).toEqual(['Thank you, Anna. What is the best number to call you back?']);
    expect(client.toolCalls()).toHaveLength(1);
  });
});

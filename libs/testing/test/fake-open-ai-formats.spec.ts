import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createSpeech,
  PhraseBook,
  startFakeOpenAi,
  type FakeOpenAiOptions,
  type RunningFakeOpenAi,
} from '../src/index.js';
import { officialEventCheck, type EventCheck } from './openai-schemas.js';
import { RealtimeClient } from './realtime-client.js';

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

describe('what a session of the fake model can be set to', () => {
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

  it('writes instead of speaking in text modality, and stays beside the call when asked to', async () => {
    client.send({
      type: 'response.create',
      response: {
        conversation: 'none',
        output_modalities: ['text'],
        metadata: { purpose: 'note' },
        instructions: 'Say: "Just a note."',
      },
    });
    const done = await client.first('response.done');
    expect((await client.first('response.output_text.done')).text).toBe('Just a note.');
    expect(done.response).toMatchObject({ metadata: { purpose: 'note' }, output_modalities: ['text'] });
    expect(client.of('conversation.item.added')).toEqual([]);
  });

  it('counts cached tokens as a part of the input', async () => {
    for (const n of [1, 2]) {
      client.send({ type: 'response.create', response: { instructions: 'Say: "Hello there, caller."' } });
      await client.nth('response.done', n);
    }
    const usage = client.of('response.done')[1]?.response.usage;
    expect(usage?.input_token_details?.cached_tokens).toBeLessThanOrEqual(usage?.input_tokens ?? 0);
    expect(usage?.total_tokens).toBe((usage?.input_tokens ?? 0) + (usage?.output_tokens ?? 0));
    expect(usage?.output_token_details?.audio_tokens).toBeGreaterThan(0);
  });

  it('takes a turn that the client commits by hand', async () => {
    client.send({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { turn_detection: null } } },
    });
    client.speak(await callerSays('My name is Anna Bell.'), 0);
    client.send({ type: 'input_audio_buffer.commit' });
    expect((await client.first('conversation.item.input_audio_transcription.completed')).transcript).toBe(
      'My name is Anna Bell.',
    );
    expect(client.of('response.created')).toEqual([]);
  });

  it('understands 24 kHz PCM and answers in it', async () => {
    const pcm = { format: { type: 'audio/pcm', rate: 24_000 } } as const;
    client.send({ type: 'session.update', session: { type: 'realtime', audio: { output: pcm } } });
    client.send({ type: 'response.create', response: { instructions: 'Say: "Hello in another format."' } });
    const done = await client.first('response.output_audio.done');
    const audio = client.audioOf(done.item_id);
    client.send({
      type: 'session.update',
      session: { type: 'realtime', audio: { input: { ...pcm, turn_detection: null } } },
    });
    client.send({ type: 'input_audio_buffer.append', audio: audio.toString('base64') });
    client.send({ type: 'input_audio_buffer.commit' });
    expect((await client.first('conversation.item.input_audio_transcription.completed')).transcript).toBe(
      'Hello in another format.',
    );
  });
});

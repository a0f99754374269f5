import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession, tool } from '@openai/agents-realtime';
import { z } from 'zod';
import {
  createSpeech,
  eventually,
  FRAME_BYTES,
  joinAudio,
  muLawSilence,
  PhraseBook,
  startFakeOpenAi,
  type RunningFakeOpenAi,
} from '../src/index.js';

const INSTRUCTIONS = [
  'You are the receptionist of Nordic Plumbing.',
  'Answer in at most two sentences.',
  'Languages: en-CA, fr-CA',
  'Find out, one at a time: caller_name, callback_number.',
].join('\n');

describe('the official OpenAI Agents SDK', () => {
  const speech = createSpeech();
  const phraseBook = new PhraseBook();
  const captured: { name: string; value: string }[] = [];
  let fake: RunningFakeOpenAi;
  let session: RealtimeSession;
  let played: Uint8Array[];
  let errors: unknown[];

  beforeEach(async () => {
    captured.length = 0;
    played = [];
    errors = [];
    // The SDK asks for a response after every tool result, so speech belongs behind the calls.
    fake = await startFakeOpenAi({
      speech,
      phraseBook,
      delays: { connectMs: 1, firstAudioMs: 10, transcriptionMs: 30 },
      audioSpeed: 50,
      toolStyle: 'calls-only',
    });
    const captureField = tool({
      name: 'capture_field',
      description: 'Notes what the caller has told.',
      parameters: z.object({ name: z.string(), value: z.string(), read_back: z.boolean() }),
      execute: ({ name, value }) => {
        captured.push({ name, value });
        return 'noted';
      },
    });
    const agent = new RealtimeAgent({
      name: 'Receptionist',
      instructions: INSTRUCTIONS,
      tools: [captureField],
    });
    session = new RealtimeSession(agent, {
      transport: new OpenAIRealtimeWebSocket({ url: `${fake.realtimeUrl}?model=gpt-realtime-2.1` }),
      model: 'gpt-realtime-2.1',
      tracingDisabled: true,
      config: {
        voice: 'marin',
        audio: {
          input: {
            format: { type: 'audio/pcmu' },
            transcription: { model: 'gpt-live-transcribe' },
            turnDetection: { type: 'server_vad', silenceDurationMs: 450 },
          },
          output: { format: { type: 'audio/pcmu' } },
        },
      },
    });
    session.on('audio', (audio) => played.push(new Uint8Array(audio.data)));
    session.on('error', (error) => errors.push(error));
    await session.connect({ apiKey: 'sk-test' });
  });

  afterEach(async () => {
    session.close();
    await fake.close();
  });

  const say = async (text: string): Promise<void> => {
    const audio = await speech.speak(text, 'en', 'caller');
    phraseBook.register(text, 'en', audio);
    const whole = joinAudio(audio, muLawSilence(700));
    for (let at = 0; at < whole.length; at += FRAME_BYTES)
      session.sendAudio(Uint8Array.from(whole.subarray(at, at + FRAME_BYTES)).buffer);
  };

  const transcripts = (role: 'user' | 'assistant'): string[] =>
    session.history.flatMap((item) =>
      item.type === 'message' && item.role === role
        ? item.content.map((part) => ('transcript' in part ? (part.transcript ?? '') : ''))
        : [],
    );

  it('holds a conversation with the fake model over a plain WebSocket', async () => {
    await say('Hello, my name is Daniel Carter.');
    await eventually(() =>
      expect(transcripts('assistant')).toEqual([
        'Thank you, Daniel. What is the best number to call you back?',
      ]),
    );
    await say('It is 613 555 0142.');
    await eventually(() =>
      expect(transcripts('assistant')[1]).toContain('I have your number as 613 555 0142.'),
    );
    await eventually(() =>
      expect(transcripts('user')).toEqual(['Hello, my name is Daniel Carter.', 'It is 613 555 0142.']),
    );
    expect(captured).toEqual([
      { name: 'caller_name', value: 'Daniel Carter' },
      { name: 'callback_number', value: '6135550142' },
    ]);
    await eventually(() =>
      expect(phraseBook.recognise(joinAudio(...played)).text).toContain(
        'What is the best number to call you back?',
      ),
    );
    expect(errors).toEqual([]);
  });

  it('is interrupted by the caller, and truncates what was not heard', async () => {
    fake.control.setAudioSpeed(3);
    session.sendMessage('How are you today, and do you have time for a rather long question?');
    await eventually(() => expect(played.length).toBeGreaterThan(0));
    await say('Sorry, one more thing.');
    await eventually(() =>
      expect(fake.control.sessions().at(-1)?.received['conversation.item.truncate']).toBe(1),
    );
    await eventually(() => expect(transcripts('user')).toContain('Sorry, one more thing.'));
    expect(errors).toEqual([]);
  });
});

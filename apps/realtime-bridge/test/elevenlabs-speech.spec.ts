import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock, type SpeechFaultName } from '@tradeline/testing';
import { SPEECH_PATIENCE_MS } from '../src/integrations/openai-text-elevenlabs/speech-line.js';
import { eventually, type SessionEar, SessionsUnderTest } from './sessions-under-test.js';

const LONG =
  'Thank you for calling Nordic Plumbing. Our plumber is in your part of the town today, and he can look at the leak. Shall I write down your name?';
const say = (orderId: string, text: string) => ({
  orderId,
  purpose: 'greeting' as const,
  instructions: `Greet the caller: "${text}"`,
});

describe('speech by ElevenLabs', () => {
  let world: SessionsUnderTest;

  beforeEach(async () => {
    world = await SessionsUnderTest.start();
  });
  afterEach(() => world.stop());

  const opened = async (): Promise<SessionEar> => {
    const ear = world.open('openai-text-elevenlabs');
    expect(await ear.session.opened).toEqual({ kind: 'ready' });
    return ear;
  };
  const speechSocket = () => world.elevenLabs.control.sockets().at(-1);

  it('asks for telephone audio with its times, in no fixed language where there are several', async () => {
    await opened();
    expect(speechSocket()).toMatchObject({
      voiceId: 'anna',
      query: {
        model_id: 'eleven_flash_v2_5',
        output_format: 'ulaw_8000',
        sync_alignment: true,
        inactivity_timeout: 180,
      },
    });
    expect(speechSocket()?.query.language_code).toBeUndefined();
    const only = world.open('openai-text-elevenlabs', { plan: { languages: ['tl'] } });
    await only.session.opened;
    expect(speechSocket()?.query.language_code).toBe('fil');
  });

  it('begins to speak before the model has finished writing, clause by clause, in one context', async () => {
    const ear = await opened();
    ear.session.respond(say('order_1', LONG));
    const { responseId } = await ear.answer('order_1');
    expect(ear.heard(responseId)).toEqual({ text: LONG, exact: true });
    const spoken = speechSocket()?.spoken ?? [];
    expect(spoken.length).toBeGreaterThan(1);
    expect(new Set(spoken.map(({ contextId }) => contextId)).size).toBe(1);
  });

  it('knows to the word what was heard at any moment', async () => {
    const ear = await opened();
    ear.session.respond(say('order_1', LONG));
    const { responseId } = await ear.answer('order_1');
    const itemId = ear.all('audio')[0]?.itemId ?? '';
    const audio = ear.audioOf(responseId);
    const totalMs = audio.length / 8;
    let before = '';
    for (let heardMs = 0; heardMs <= totalMs; heardMs += 40) {
      const text = ear.session.heardText(itemId, heardMs) ?? '-';
      expect(`${LONG} `.startsWith(text === '' ? '' : `${text} `)).toBe(true);
      expect(text.length).toBeGreaterThanOrEqual(before.length);
      before = text;
      // The ear that listens to just as much does not understand less than is claimed.
      const understood = world.phraseBook.recognise(audio.subarray(0, heardMs * 8)).text;
      expect(understood.replaceAll('…', '').length).toBeGreaterThanOrEqual(text.length - 1);
    }
    expect(ear.session.heardText(itemId, totalMs)).toBe(LONG);
  });

  it('puts what was heard where the whole had been, before what the call has done since', async () => {
    const ear = await opened();
    await world.speak(ear.session, 'My name is Daniel Carter.');
    const ended = await ear.answer();
    for (const { callId } of ended.toolCalls) ear.session.answerTool(callId, { ok: true });
    ear.session.tell('Known so far:\n- caller_name: Daniel Carter\nStill to find out: callback_number');
    ear.session.truncate(ear.all('audio')[0]?.itemId ?? '', 0, 900);
    await eventually(() => {
      const kinds = world.openAi.control.remembered().map(({ kind }) => kind);
      expect(kinds).toEqual(['caller', 'assistant', 'call', 'result', 'system']);
      expect(world.assistantMemory[0]?.length).toBeLessThan(ear.wordsOf(ended.responseId).length);
    });
  });

  it('takes back tool calls that nobody has obeyed because the caller spoke', async () => {
    world.elevenLabs.control.setAudioSpeed(8);
    const ear = await opened();
    await world.speak(ear.session, 'My name is Daniel Carter.');
    const { responseId, itemId } = await ear.first('audio');
    await eventually(() =>
      expect(world.openAi.control.remembered().map(({ kind }) => kind)).toContain('call'),
    );
    ear.session.cancel(responseId);
    ear.session.truncate(itemId, 0, 100);
    expect(await ear.answer()).toMatchObject({ status: 'cancelled', toolCalls: [] });
    await eventually(() =>
      expect(world.openAi.control.remembered().map(({ kind }) => kind)).toEqual(['caller']),
    );
  });

  it('never has more contexts than the service allows, however often it is interrupted', async () => {
    world.elevenLabs.control.setAudioSpeed(40);
    world.elevenLabs.control.setDelays({ finalMs: 60 });
    const ear = await opened();
    for (let turn = 1; turn <= 9; turn++) {
      ear.session.respond(say(`order_${turn}`, `${turn} times. ${LONG}`));
      const { responseId } = await ear.first('response-began', ({ orderId }) => orderId === `order_${turn}`);
      // Every other time the caller speaks before a word of it has gone to the service.
      if (turn % 2 === 1)
        await eventually(() =>
          expect(speechSocket()?.received.some(({ text }) => text?.startsWith(`${turn} times`))).toBe(true),
        );
      ear.session.cancel(responseId);
      await ear.answer(`order_${turn}`);
    }
    ear.session.respond(say('order_last', 'I am listening.'));
    const { responseId } = await ear.answer('order_last');
    expect(ear.heard(responseId).text).toBe('I am listening.');
    expect(world.elevenLabs.control.sockets()).toHaveLength(1);
    expect(ear.all('problem').filter(({ code }) => code.startsWith('speech_'))).toEqual([]);
  });

  it('says the rest on a new connection when the first one breaks', async () => {
    const ear = await opened();
    world.elevenLabs.control.fail({ name: 'speech-cut', times: 1 });
    ear.session.respond(say('order_1', LONG));
    const { responseId } = await ear.answer('order_1');
    expect(ear.all('problem')).toEqual([{ type: 'problem', severity: 'retryable', code: 'speech_closed' }]);
    expect(world.elevenLabs.control.sockets()).toHaveLength(2);
    expect(ear.wordsOf(responseId)).toBe(LONG);
    expect(ear.session.heardText(ear.all('audio')[0]?.itemId ?? '', Number.MAX_SAFE_INTEGER)).toBe(LONG);
  });

  it('gives up when the second connection breaks as well', async () => {
    const ear = await opened();
    world.elevenLabs.control.fail({ name: 'speech-cut' });
    ear.session.respond(say('order_1', LONG));
    expect(await ear.first('closed')).toEqual({ type: 'closed', fault: 'speech_closed' });
    expect(world.elevenLabs.control.sockets()).toHaveLength(2);
  });

  it('waits for no one who has hung: tries once more, then gives up', async () => {
    const clock = new FakeClock();
    const ear = world.open('openai-text-elevenlabs', {}, clock);
    await ear.session.opened;
    world.elevenLabs.control.fail({ name: 'speech-hangs' });
    ear.session.respond(say('order_1', 'Hello.'));
    const asked = (socket: number): Promise<void> =>
      eventually(() =>
        expect(
          world.elevenLabs.control.sockets()[socket]?.received.some(({ close_context }) => close_context),
        ).toBe(true),
      );
    await asked(0);
    clock.advance(SPEECH_PATIENCE_MS);
    await asked(1);
    expect(ear.all('closed')).toEqual([]);
    clock.advance(SPEECH_PATIENCE_MS);
    expect(await ear.first('closed')).toEqual({ type: 'closed', fault: 'speech_timeout' });
  });

  it('opens a new connection for the next sentence when the old one was lost in silence', async () => {
    const ear = await opened();
    world.elevenLabs.control.cutSockets();
    await eventually(() => expect(world.elevenLabs.control.openSockets()).toBe(0));
    ear.session.respond(say('order_1', 'I am still here.'));
    const { responseId } = await ear.answer('order_1');
    expect(ear.heard(responseId)).toEqual({ text: 'I am still here.', exact: true });
    expect(ear.all('closed')).toEqual([]);
  });

  it('speaks without alignment too, and then guesses what was heard', async () => {
    world.elevenLabs.control.fail({ name: 'no-alignment' });
    const ear = await opened();
    ear.session.respond(say('order_1', LONG));
    const { responseId } = await ear.answer('order_1');
    expect(ear.heard(responseId)).toEqual({ text: LONG, exact: true });
    expect(ear.wordsOf(responseId)).toBe(LONG);
    const heard = ear.session.heardText(ear.all('audio')[0]?.itemId ?? '', 1_500) ?? '-';
    expect(LONG.startsWith(heard)).toBe(true);
    expect(heard.length).toBeLessThan(40);
  });

  it('does not open with a key that is refused, whether by a socket or by an answer', async () => {
    const refused = world.open('openai-text-elevenlabs', { speechKey: 'xi-wrong' });
    // The service accepts the socket before it looks at the key, so the session may have been ready for a moment.
    expect(await refused.first('closed')).toEqual({ type: 'closed', fault: 'speech_invalid_api_key' });
    world.elevenLabs.control.fail({ name: 'connect-unauthorized', times: 1 });
    const turnedAway = world.open('openai-text-elevenlabs');
    expect(await turnedAway.session.opened).toEqual({ kind: 'failed', fault: 'speech_invalid_api_key' });
  });

  it.each<[SpeechFaultName, number]>([
    ['connect-busy', 1],
    ['connect-refused', 1],
  ])('opens at the second attempt after %s', async (name, times) => {
    world.elevenLabs.control.fail({ name, times });
    await opened();
  });

  it('ends the call when there is nothing left to pay with', async () => {
    const ear = await opened();
    world.elevenLabs.control.fail({ name: 'quota-exceeded' });
    ear.session.respond(say('order_1', 'Hello.'));
    expect(await ear.first('closed')).toEqual({ type: 'closed', fault: 'speech_quota_exceeded' });
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FaultName } from '@tradeline/testing';
import { keyedText } from '../src/domain/keypad.js';
import { ADAPTERS, type AdapterName } from '../src/domain/model-session.js';
import type { ResponsePurpose } from '../src/domain/response-sequencer.js';
import { PhraseMouth } from '../src/features/prepare-phrases/phrase-mouth.js';
import { SystemClock } from '../src/media/system-clock.js';
import { ScriptedModel, type ScriptedSession } from './scripted-model.js';
import { eventually, type SessionEar, SessionsUnderTest } from './sessions-under-test.js';

const GREETING =
  'Hello, this is the AI assistant of Nordic Plumbing. How can I help you today, with a leak or something else?';
const FIRST = 'We are open all day, and the plumber is near you.';
const SECOND = 'May I have your name, please?';

const order = (orderId: string, purpose: ResponsePurpose, text?: string) => ({
  orderId,
  purpose,
  ...(text !== undefined && { instructions: `Greet the caller: "${text}"` }),
});

/** How each adapter's model puts a message into words. */
const MOUTHS: Readonly<
  Record<
    AdapterName,
    (model: ScriptedSession, responseId: string, itemId: string, text: string, audio: Uint8Array) => void
  >
> = {
  'openai-realtime': (model, responseId, itemId, text, audio) => {
    model.speak(responseId, itemId, audio, text);
    model.completeItem(responseId, itemId, text);
  },
  'openai-text-elevenlabs': (model, responseId, itemId, text) => {
    const at = { response_id: responseId, item_id: itemId, output_index: 0, content_index: 0 };
    for (const delta of text.split(/(?<= )/u))
      model.say({ type: 'response.output_text.delta', ...at, delta });
    const item = { id: itemId, type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] };
    model.say({ type: 'response.output_item.done', response_id: responseId, output_index: 0, item });
  },
};

const SESSIONS = ADAPTERS.flatMap((adapter) => [
  { name: adapter, adapter, renewing: false },
  { name: `${adapter}, renewed`, adapter, renewing: true },
]);

describe.each(SESSIONS)('a session by $name', ({ adapter, renewing }) => {
  let world: SessionsUnderTest;

  beforeEach(async () => {
    world = await SessionsUnderTest.start();
  });
  afterEach(() => world.stop());

  const opened = async (): Promise<SessionEar> => {
    const ear = world.open(adapter, { renewing });
    expect(await ear.session.opened).toEqual({ kind: 'ready' });
    return ear;
  };

  const greeted = async (ear: SessionEar): Promise<string> => {
    ear.session.respond(order('order_1', 'greeting', GREETING));
    return (await ear.answer('order_1')).responseId;
  };

  it('says who it is, and that it is ready, once', async () => {
    const ear = await opened();
    expect(ear.session.adapter).toBe(adapter);
    expect(ear.events.map(({ type }) => type)).toEqual(['ready']);
    expect(world.openAi.control.sessions().at(-1)?.refused).toEqual([]);
  });

  it('greets with exactly the words it was given, and ends when all of its audio is there', async () => {
    const ear = await opened();
    const responseId = await greeted(ear);
    expect(ear.heard(responseId)).toEqual({ text: GREETING, exact: true });
    expect(ear.wordsOf(responseId)).toBe(GREETING);
    const [complete] = ear.all('speech-complete');
    const [ended] = ear.all('response-ended');
    const lastAudio = ear.all('audio').at(-1);
    if (!complete || !ended || !lastAudio) throw new Error('incomplete');
    expect(complete).toMatchObject({ responseId, text: GREETING });
    expect(ended).toEqual({ type: 'response-ended', responseId, status: 'completed', toolCalls: [] });
    expect(ear.index(lastAudio)).toBeLessThan(ear.index(complete));
    expect(ear.index(complete)).toBeLessThan(ear.index(ended));
  });

  it('hears a turn of the caller and answers it by itself', async () => {
    const ear = await opened();
    await world.speak(ear.session, 'Hello, what are your opening hours?');
    const { itemId } = await ear.first(
      'caller-transcribed',
      ({ text }) => text === 'Hello, what are your opening hours?',
    );
    const ended = await ear.answer();
    expect(ended.status).toBe('completed');
    expect(ear.heard(ended.responseId)).toEqual({ text: ear.wordsOf(ended.responseId), exact: true });
    const types = ear.events.flatMap((event) =>
      'itemId' in event && event.itemId === itemId ? [event.type] : [],
    );
    expect(types.slice(0, 3)).toEqual(['caller-started', 'caller-stopped', 'caller-committed']);
  });

  it('calls a tool in the same breath with which it speaks', async () => {
    const ear = await opened();
    await world.speak(ear.session, 'My name is Daniel Carter.');
    const ended = await ear.answer();
    expect(ended.toolCalls.map(({ name }) => name)).toEqual(['capture_field']);
    expect(JSON.parse(ended.toolCalls[0]?.argumentsJson ?? '')).toMatchObject({
      name: 'caller_name',
      value: 'Daniel Carter',
    });
    const lastAudio = ear.all('audio').at(-1);
    expect(lastAudio && ear.index(lastAudio)).toBeLessThan(ear.index(ended));
  });

  it('calls a tool without a word, and speaks when it has been answered', async () => {
    world.openAi.control.setToolStyle('calls-only');
    const ear = await opened();
    await world.speak(ear.session, 'My name is Daniel Carter.');
    const ended = await ear.answer();
    expect(ear.all('audio')).toEqual([]);
    expect(ended.toolCalls).toHaveLength(1);
    for (const { callId } of ended.toolCalls) ear.session.answerTool(callId, { ok: true });
    ear.session.tell(
      'Known so far:\n- caller_name: Daniel Carter\nStill to find out: callback_number, job_summary',
    );
    ear.session.respond(order('order_1', 'tool-result'));
    const { responseId } = await ear.answer('order_1');
    expect(ear.heard(responseId).exact).toBe(true);
    expect(world.openAi.control.sessions().at(-1)?.refused).toEqual([]);
  });

  it('stops in the middle, and remembers no more than was heard', async () => {
    world.openAi.control.setAudioSpeed(8);
    world.elevenLabs.control.setAudioSpeed(8);
    const ear = await opened();
    ear.session.respond(order('order_1', 'greeting', GREETING));
    const { responseId, itemId } = await ear.first(
      'audio',
      (event) => ear.audioOf(event.itemId).length > 1_400 * 8,
    );
    ear.session.cancel(responseId);
    ear.session.truncate(itemId, 0, 1_200);
    expect(await ear.answer('order_1')).toMatchObject({ status: 'cancelled', toolCalls: [] });
    await eventually(() => {
      expect(world.assistantMemory).toHaveLength(1);
      const [remembered = ''] = world.assistantMemory;
      expect(remembered.length).toBeLessThan(GREETING.length / 2);
      expect(GREETING.startsWith(remembered)).toBe(true);
    });
    expect(world.assistantMemory[0]).toMatch(/^Hello, this/u);
    // Nothing of it comes late, however much of it was on its way.
    const soundAtTheEnd = ear.audioOf(responseId).length;
    ear.session.respond(order('order_2', 'greeting', SECOND));
    const next = await ear.answer('order_2');
    expect(ear.heard(next.responseId)).toEqual({ text: SECOND, exact: true });
    expect(ear.audioOf(responseId)).toHaveLength(soundAtTheEnd);
    await eventually(() => expect(world.elevenLabs.control.openContexts()).toBe(0));
  });

  it('forgets what was not heard of a response that had been made long before', async () => {
    const ear = await opened();
    const responseId = await greeted(ear);
    ear.session.truncate(ear.all('audio')[0]?.itemId ?? '', 0, 1_200);
    await eventually(() => {
      expect(world.assistantMemory).toHaveLength(1);
      expect(world.assistantMemory[0]?.length).toBeLessThan(GREETING.length / 2);
    });
    expect(GREETING.startsWith(world.assistantMemory[0] ?? '-')).toBe(true);
    expect(ear.all('response-ended').map((event) => event.responseId)).toEqual([responseId]);
    expect(world.openAi.control.sessions().at(-1)?.refused).toEqual([]);
  });

  it('remembers nothing of what was not heard at all', async () => {
    const ear = await opened();
    await greeted(ear);
    ear.session.truncate(ear.all('audio')[0]?.itemId ?? '', 0, 0);
    await eventually(() => expect(world.assistantMemory).toEqual([]));
  });

  it('speaks two messages of one response one after the other', async () => {
    const model = await ScriptedModel.start();
    try {
      const ear = world.open(adapter, { openAiUrl: model.baseUrl, renewing });
      await ear.session.opened;
      const mouth = model.sessions[0];
      if (!mouth) throw new Error('no session');
      const audio = async (text: string): Promise<Uint8Array> => {
        const sound = await world.speech.speak(text, 'en', 'assistant');
        world.phraseBook.register(text, 'en', sound);
        return sound;
      };
      mouth.begin('response_1');
      MOUTHS[adapter](mouth, 'response_1', 'item_1', FIRST, await audio(FIRST));
      MOUTHS[adapter](mouth, 'response_1', 'item_2', SECOND, await audio(SECOND));
      mouth.end('response_1');
      await ear.first('response-ended');
      expect(ear.heard('item_1')).toEqual({ text: FIRST, exact: true });
      expect(ear.heard('item_2')).toEqual({ text: SECOND, exact: true });
      const order = ear.events.flatMap((event) =>
        'itemId' in event && event.type !== 'words' ? [`${event.type} ${event.itemId}`] : [],
      );
      expect([...new Set(order)]).toEqual([
        'audio item_1',
        'speech-complete item_1',
        'audio item_2',
        'speech-complete item_2',
      ]);
      expect(ear.events.at(-1)?.type).toBe('response-ended');
    } finally {
      await model.stop();
    }
  });

  it('tells of an order that came while another response was active, and goes on', async () => {
    const ear = await opened();
    ear.session.respond(order('order_1', 'greeting', GREETING));
    ear.session.respond(order('order_2', 'nudge', SECOND));
    expect(await ear.first('refused-as-active')).toEqual({ type: 'refused-as-active', orderId: 'order_2' });
    expect((await ear.answer('order_1')).status).toBe('completed');
    expect(ear.all('problem')).toEqual([]);
  });

  it.each<[FaultName, string]>([
    ['connect-unauthorized', 'invalid_api_key'],
    ['connect-rate-limited', 'rate_limit_exceeded'],
    ['connect-refused', 'connect_failed'],
  ])('does not open after %s', async (name, fault) => {
    world.openAi.control.fail({ name });
    const ear = world.open(adapter, { renewing });
    expect(await ear.session.opened).toEqual({ kind: 'failed', fault });
    expect(ear.events).toEqual([{ type: 'closed', fault }]);
  });

  it.each<[FaultName, string, string]>([
    ['response-failed', 'server_error', 'retryable'],
    ['response-rate-limited', 'rate_limit_exceeded', 'retryable'],
  ])('tells what %s means', async (name, errorCode, severity) => {
    const ear = await opened();
    world.openAi.control.fail({ name, times: 1 });
    ear.session.respond(order('order_1', 'greeting', GREETING));
    expect(await ear.answer('order_1')).toMatchObject({ status: 'failed', errorCode, severity });
  });

  it('takes a lost race for what it is', async () => {
    const ear = await opened();
    ear.session.cancel('response_of_nobody');
    ear.session.truncate('item_of_nobody', 0, 100);
    await ear.first('problem');
    await greeted(ear);
    expect(new Set(ear.all('problem').map(({ severity }) => severity))).toEqual(new Set(['benign']));
  });

  it('is over when the model says so, and says nothing after that', async () => {
    const ear = await opened();
    ear.session.respond(order('order_1', 'greeting', GREETING));
    await ear.first('response-began');
    // One that renews itself is over when the two that follow it are over as well.
    for (let followers = renewing ? 2 : 0; followers > 0; followers--) {
      const opened = world.openAi.control.sessions().length;
      world.openAi.control.expireSessions();
      await eventually(() => expect(world.openAi.control.sessions()).toHaveLength(opened + 1));
      ear.session.append('//8=');
      await eventually(() =>
        expect(world.openAi.control.sessions().at(-1)?.received['input_audio_buffer.append']).toBe(1),
      );
    }
    world.openAi.control.expireSessions();
    expect(await ear.first('closed')).toEqual({ type: 'closed', fault: 'session_expired' });
    ear.session.respond(order('order_2', 'nudge', SECOND));
    await eventually(() => expect(world.elevenLabs.control.openSockets()).toBe(0));
    expect(ear.events.at(-1)?.type).toBe('closed');
  });

  it('closes what it has opened, and does nothing any more', async () => {
    const ear = await opened();
    ear.session.respond(order('order_1', 'greeting', GREETING));
    await ear.first('audio');
    ear.session.close();
    expect(ear.events.at(-1)).toEqual({ type: 'closed', fault: 'closed_by_us' });
    await eventually(() => {
      expect(world.openAi.control.openSessions()).toBe(0);
      expect(world.elevenLabs.control.openSockets()).toBe(0);
    });
    const { session } = ear;
    session.append('//8=');
    session.respond(order('order_2', 'nudge'));
    session.cancel('response_1');
    session.truncate('item_1', 0, 0);
    session.listenPatiently(1_200);
    session.tell('Known so far:');
    session.spokenForIt({ itemId: 'ours_greeting_1', text: GREETING, durationMs: 6_000 });
    session.recall([{ speaker: 'caller', text: 'Hello.' }]);
    session.answerTool('call_1', {});
    session.commitCaller();
    session.close();
    expect(ear.all('closed')).toHaveLength(1);
  });

  it('goes on with what another session has heard and said', async () => {
    const ear = await opened();
    ear.session.recall([
      { speaker: 'assistant', text: 'How can I help you?' },
      { speaker: 'caller', text: 'My sink leaks.' },
    ]);
    ear.session.tell('Known so far:\n- job_summary: My sink leaks\nStill to find out: caller_name');
    await eventually(() =>
      expect(world.openAi.control.remembered().map((item) => ('text' in item ? item.text : ''))).toEqual([
        'How can I help you?',
        'My sink leaks.',
        'Known so far:\n- job_summary: My sink leaks\nStill to find out: caller_name',
      ]),
    );
    ear.session.respond(order('order_1', 'answer'));
    const { responseId } = await ear.answer('order_1');
    expect(ear.heard(responseId).text).toMatch(/name/u);
  });

  it('takes what was said in its place for its own, and greets no more', async () => {
    const ear = await opened();
    ear.session.spokenForIt({ itemId: 'ours_greeting_1', text: GREETING, durationMs: 6_000 });
    await eventually(() => expect(world.assistantMemory).toEqual([GREETING]));
    await world.speak(ear.session, 'Hello, what are your opening hours?');
    const ended = await ear.answer();
    expect(ear.heard(ended.responseId).text).not.toContain('AI assistant');
    expect(world.openAi.control.sessions().at(-1)?.refused).toEqual([]);
  });

  it('remembers of what was said in its place no more than was heard, and in its place', async () => {
    const ear = await opened();
    ear.session.spokenForIt({ itemId: 'ours_greeting_1', text: GREETING, durationMs: 6_000 });
    await world.speak(ear.session, 'Hello, what are your opening hours?');
    await ear.answer();
    const heard = ear.session.heardText('ours_greeting_1', 1_200);
    ear.session.truncate('ours_greeting_1', 0, 1_200);
    await eventually(() => expect(world.assistantMemory[0]).toBe(heard));
    expect(heard).toMatch(/^Hello, this\b/u);
    expect(GREETING.startsWith(heard ?? '-')).toBe(true);
    expect(heard?.length).toBeLessThan(GREETING.length / 3);
    expect(world.openAi.control.remembered()[0]).toMatchObject({ kind: 'assistant', text: heard });
    expect(world.openAi.control.sessions().at(-1)?.refused).toEqual([]);
  });

  it('knows nothing of speech that it was not told of, and asks nobody about it', async () => {
    const ear = await opened();
    ear.session.truncate('ours_filler_1', 0, 300);
    expect(ear.session.heardText('ours_filler_1', 300)).toBeUndefined();
    await greeted(ear);
    expect(ear.all('problem')).toEqual([]);
  });

  it('makes fixed phrases into sound, one after the other', async () => {
    const { session } = await opened();
    const mouth = new PhraseMouth(session, new SystemClock());
    for (const [phrase, text] of [
      ['greeting', GREETING],
      ['filler', 'One moment, please.'],
    ] as const) {
      const rendering = await mouth.say(phrase, text);
      if (rendering.kind !== 'made') throw new Error(JSON.stringify(rendering));
      expect(world.phraseBook.recognise(rendering.sound)).toMatchObject({ text, exact: true });
    }
    mouth.close();
    await eventually(() => expect(world.openAi.control.openSessions()).toBe(0));
    expect(await mouth.say('busy', 'Please bear with me.')).toEqual({
      kind: 'failed',
      fault: 'closed_by_us',
    });
  });

  it('waits longer for the end of a turn when it is told to, and changes nothing else', async () => {
    const ear = await opened();
    ear.session.listenPatiently(1_200);
    await world.speak(ear.session, 'My number is six one three,', { silenceMs: 900 });
    await world.speak(ear.session, 'five five five, zero one four two.', { silenceMs: 1_300 });
    const { audioEndMs } = await ear.first('caller-stopped');
    const { text } = await ear.first('caller-transcribed');
    expect(text).toMatch(/^My number .* two\.$/u);
    expect(
      (await ear.answer()).toolCalls.map(({ argumentsJson }) => JSON.parse(argumentsJson)),
    ).toMatchObject([{ name: 'callback_number', value: expect.stringContaining('6135550142') }]);
    ear.session.listenPatiently(450);
    await world.speak(ear.session, 'My name is Daniel Carter.', { silenceMs: 500 });
    await ear.first('caller-stopped', (event) => event.audioEndMs > audioEndMs);
    expect(ear.all('problem')).toEqual([]);
    expect(world.openAi.control.sessions().at(-1)?.refused).toEqual([]);
  });

  it('understands what was keyed as if it had been said', async () => {
    const ear = await opened();
    ear.session.recall([{ speaker: 'caller', text: keyedText('6135550142') }]);
    ear.session.respond(order('order_1', 'answer'));
    const ended = await ear.answer('order_1');
    expect(ended.toolCalls.map(({ argumentsJson }) => JSON.parse(argumentsJson))).toMatchObject([
      { name: 'callback_number', value: expect.stringContaining('6135550142') },
    ]);
    expect(ear.heard(ended.responseId).text).not.toMatch(/keypad/u);
  });

  it('takes the words of a caller who has hung up in the middle of them', async () => {
    const ear = await opened();
    await world.speak(ear.session, 'My sink leaks.', { silenceMs: 0 });
    await ear.first('caller-started');
    ear.session.commitCaller();
    await ear.first('caller-transcribed', ({ text }) => text === 'My sink leaks.');
  });
});

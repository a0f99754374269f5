import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BridgeUnderTest, eventually, speech } from './bridge-under-test.js';
import { type ScriptedSession, toolCall } from './scripted-model.js';

let bridge: BridgeUnderTest;

beforeEach(async () => {
  bridge = await BridgeUnderTest.start();
});

afterEach(() => bridge.stop());

/** A turn of the caller's, with its words. */
const callerSays = (model: ScriptedSession, itemId: string, text: string): void => {
  model.callerSpeaks(itemId);
  model.callerPauses(itemId);
  model.transcribe(itemId, text);
};

const types = (model: ScriptedSession): string[] =>
  model.received
    .map(({ type, item }) =>
      type === 'conversation.item.create' ? String((item as { type: string }).type) : type,
    )
    .filter((type) => !type.startsWith('input_audio'));

describe('a captured field', () => {
  it('is answered, told to the model as state, kept, and said with the utterance that proves it', async () => {
    const { model, callId } = await bridge.greeted();
    callerSays(model, 'c1', 'My name is Marie');
    model.callTools('r1', [
      toolCall('f1', 'capture_field', { name: 'caller_name', value: 'Marie', read_back: false }),
    ]);
    await eventually(() => expect(model.ofType('response.create')).toHaveLength(2));
    expect(types(model).slice(-3)).toEqual(['function_call_output', 'message', 'response.create']);
    expect(model.ofType('conversation.item.create').at(-1)).toMatchObject({
      item: {
        role: 'system',
        content: [
          {
            type: 'input_text',
            text: 'Known so far (in quotation marks, what the caller said):\n- caller_name: "Marie"\nStill to find out: callback_number, email, job_summary, preferred_datetime',
          },
        ],
      },
    });
    expect(bridge.snapshots.kept.get('cv_1')).toMatchObject({
      fields: [{ name: 'caller_name', value: 'Marie' }],
    });
    expect(bridge.journal.fields).toMatchObject([
      { callId, utteranceSeq: 2, field: { name: 'caller_name', value: 'Marie' } },
    ]);
  });

  it('waits a little for the words that prove it', async () => {
    const { model } = await bridge.greeted();
    model.callerSpeaks('c1');
    model.callerPauses('c1');
    model.callTools('r1', [
      toolCall('f1', 'capture_field', { name: 'caller_name', value: 'Marie', read_back: false }),
    ]);
    await eventually(() => expect(model.ofType('response.create')).toHaveLength(2));
    expect(bridge.journal.fields).toEqual([]);
    model.transcribe('c1', 'Marie');
    await eventually(() => expect(bridge.journal.fields).toMatchObject([{ utteranceSeq: 2 }]));
  });

  it('is said without proof when the words do not come', async () => {
    const { model } = await bridge.greeted();
    model.callerSpeaks('c1');
    model.callerPauses('c1');
    model.callTools('r1', [
      toolCall('f1', 'capture_field', { name: 'caller_name', value: 'Marie', read_back: false }),
    ]);
    await eventually(() => expect(model.ofType('response.create')).toHaveLength(2));
    bridge.clock.advance(2_000);
    await eventually(() => expect(bridge.journal.fields).toMatchObject([{ utteranceSeq: 0 }]));
  });

  it('replaces what it corrects', async () => {
    const call = await bridge.greeted();
    const { model } = call;
    callerSays(model, 'c1', 'six one three ...');
    model.callTools('r1', [
      toolCall('f1', 'capture_field', { name: 'callback_number', value: '613 555 0142', read_back: false }),
    ]);
    callerSays(model, 'c2', 'sorry, my number is ...');
    model.callTools('r2', [
      toolCall('f2', 'capture_field', { name: 'callback_number', value: '613 555 0199', read_back: true }),
    ]);
    await eventually(() => expect(bridge.journal.fields).toHaveLength(2));
    call.phone.hangUp();
    const { fields } = await bridge.report(call.callId);
    expect(fields).toMatchObject([{ utteranceSeq: 3, field: { value: '+16135550199', readBack: true } }]);
  });

  it('asks for no further response when the same one has spoken', async () => {
    const { model } = await bridge.greeted();
    callerSays(model, 'c1', 'Marie');
    model.answer('r1', 'i1', speech(60), 'Thank you, Marie.', [
      toolCall('f1', 'capture_field', { name: 'caller_name', value: 'Marie', read_back: true }),
    ]);
    await eventually(() => expect(bridge.journal.fields).toHaveLength(1));
    expect(model.ofType('response.create')).toHaveLength(1);
  });

  it('several at once are answered one by one and followed by one response', async () => {
    const { model } = await bridge.greeted();
    callerSays(model, 'c1', 'Marie, tomorrow');
    model.callTools('r1', [
      toolCall('f1', 'capture_field', { name: 'caller_name', value: 'Marie', read_back: false }),
      toolCall('f2', 'capture_field', { name: 'email', value: 'not an address', read_back: false }),
      toolCall('f3', 'open_the_door', {}),
    ]);
    await eventually(() => expect(model.ofType('response.create')).toHaveLength(2));
    const outputs = model
      .ofType('conversation.item.create')
      .map(({ item }) => item as { call_id?: string; output?: string });
    expect(
      outputs
        .filter(({ call_id }) => call_id !== undefined)
        .map(({ call_id, output }) => [call_id, (JSON.parse(output ?? '{}') as { ok: boolean }).ok]),
    ).toEqual([
      ['f1', true],
      ['f2', false],
      ['f3', false],
    ]);
    expect(model.ofType('response.create')).toHaveLength(2);
  });
});

describe('responses', () => {
  it('are asked for one at a time: a second waits for the end of the first', async () => {
    const { model } = await bridge.greeted();
    callerSays(model, 'c1', 'Marie');
    model.begin('r1');
    model.say({
      type: 'error',
      error: {
        type: 'invalid_request_error',
        code: 'conversation_already_has_active_response',
        message: 'busy',
        event_id: null,
      },
    });
    model.end('r1', [
      toolCall('f1', 'capture_field', { name: 'caller_name', value: 'Marie', read_back: false }),
    ]);
    await eventually(() => expect(model.ofType('response.create')).toHaveLength(2));
  });

  it('that were refused because another is active are asked for again after it', async () => {
    const { model, greetingOrder } = await bridge.answered();
    model.begin('auto');
    model.say({
      type: 'error',
      error: {
        type: 'invalid_request_error',
        code: 'conversation_already_has_active_response',
        message: 'busy',
        event_id: greetingOrder,
      },
    });
    model.end('auto');
    await eventually(() => expect(model.ofType('response.create')).toHaveLength(2));
    expect(model.ofType('response.create')[1]).toMatchObject({
      response: {
        instructions: expect.stringContaining('Greet the caller: "Hello, this is the AI assistant'),
      },
    });
  });

  it('are asked for when the model did not answer a turn by itself', async () => {
    const { model } = await bridge.greeted();
    callerSays(model, 'c1', 'Hello?');
    await eventually(() => expect(bridge.journal.utterances).toHaveLength(2));
    bridge.clock.advance(3_000);
    await eventually(() => expect(model.ofType('response.create')).toHaveLength(2));
  });

  it('that hang end the call instead of leaving the caller in silence', async () => {
    const call = await bridge.greeted();
    callerSays(call.model, 'c1', 'Hello?');
    call.model.begin('r1');
    await bridge.afterModel(call);
    bridge.clock.advance(8_000);
    expect((await bridge.report(call.callId)).verdict).toEqual({
      result: 'upstream_error',
      reason: 'model_stalled',
    });
  });
});

describe('silence', () => {
  it('is broken twice and then ends the call politely, counted from what was heard', async () => {
    const call = await bridge.greeted();
    const { model, phone } = call;
    for (const [index, words] of [
      'Are you still there?',
      'Are you still there?',
      'I cannot hear you',
    ].entries()) {
      bridge.clock.advance(5_999);
      expect(model.ofType('response.create')).toHaveLength(index + 1);
      bridge.clock.advance(1);
      await eventually(() => expect(model.ofType('response.create')).toHaveLength(index + 2));
      const order = model.ofType('response.create').at(-1);
      expect(order).toMatchObject({ response: { instructions: expect.stringContaining(words) } });
      model.answer(`n${index}`, `in${index}`, speech(120), words, [], String(order?.['event_id']));
      await bridge.hear(call, index === 2 ? 1 : 2);
    }
    expect(bridge.journal.reports.has(call.callId)).toBe(false);
    bridge.clock.advance(60);
    phone.playPiece();
    const { verdict, timings } = await bridge.report(call.callId);
    expect(verdict).toEqual({ result: 'silent_caller', reason: 'silence_timeout' });
    expect(timings.silenceNudges).toBe(2);
  });

  it('is none while the caller speaks, however long', async () => {
    const call = await bridge.greeted();
    call.model.callerSpeaks('c1');
    await bridge.afterModel(call);
    for (let i = 0; i < 10; i++) {
      bridge.clock.advance(10_000);
      await bridge.fence(call);
    }
    expect(call.model.ofType('response.create')).toHaveLength(1);
    expect(bridge.journal.reports.has(call.callId)).toBe(false);
  });
});

describe('the end of a call', () => {
  it('comes after the good-bye has been heard', async () => {
    const call = await bridge.greeted();
    const { model, phone } = call;
    callerSays(model, 'c1', 'Bye');
    model.answer('r1', 'i1', speech(120), 'Good-bye!', [toolCall('f1', 'end_call', { reason: 'done' })]);
    await bridge.hear(call, 1);
    expect(bridge.journal.reports.has(call.callId)).toBe(false);
    bridge.clock.advance(60);
    phone.playPiece();
    expect((await bridge.report(call.callId)).verdict).toEqual({
      result: 'completed',
      reason: 'assistant_said_goodbye',
    });
    expect((await phone.stream.closed).code).toBe(1000);
    expect(bridge.journal.utterances.at(-1)).toMatchObject({ text: 'Good-bye!', interrupted: false });
  });

  it('has a good-bye asked for when the model hangs up without a word', async () => {
    const call = await bridge.greeted();
    callerSays(call.model, 'c1', 'Bye');
    call.model.callTools('r1', [toolCall('f1', 'end_call', { reason: 'done' })]);
    await eventually(() => expect(call.model.ofType('response.create')).toHaveLength(2));
    const order = String(call.model.ofType('response.create')[1]?.['event_id']);
    call.model.answer('r2', 'i2', speech(60), 'Good-bye!', [], order);
    await eventually(() => expect(call.phone.waitingMarks).toBe(1));
    call.phone.playPiece();
    expect((await bridge.report(call.callId)).verdict.reason).toBe('assistant_said_goodbye');
  });

  it('does not wait for ever for the mark of the good-bye', async () => {
    const call = await bridge.greeted();
    call.model.answer('r1', 'i1', speech(120), 'Good-bye!', [toolCall('f1', 'end_call', { reason: 'done' })]);
    await eventually(() => expect(call.phone.waitingMarks).toBe(2));
    await bridge.afterModel(call);
    bridge.clock.advance(120 + 2_000);
    expect((await bridge.report(call.callId)).verdict.reason).toBe('assistant_said_goodbye');
  });

  it('keeps the last words of a caller who hangs up while speaking', async () => {
    const call = await bridge.greeted();
    call.model.callerSpeaks('c1');
    await bridge.afterModel(call);
    call.phone.hangUp();
    await eventually(() => expect(call.model.ofType('input_audio_buffer.commit')).toHaveLength(1));
    call.model.transcribe('c1', 'and it is urgent');
    const report = await bridge.report(call.callId);
    expect(report).toMatchObject({
      lastUtteranceSeq: 2,
      verdict: { result: 'completed', reason: 'caller_hung_up' },
    });
    expect(bridge.journal.utterances.at(-1)).toMatchObject({
      seq: 2,
      text: 'and it is urgent',
      speaker: 'caller',
    });
  });

  it('does not wait for words that do not come', async () => {
    const call = await bridge.greeted();
    call.model.callerSpeaks('c1');
    await bridge.afterModel(call);
    call.phone.hangUp();
    await eventually(() => expect(call.model.ofType('input_audio_buffer.commit')).toHaveLength(1));
    bridge.clock.advance(2_000);
    expect((await bridge.report(call.callId)).lastUtteranceSeq).toBe(1);
    expect(bridge.snapshots.forgotten).toEqual(['cv_1']);
  });

  it("tells only what was heard of a sentence that the caller's hanging up cut off", async () => {
    const call = await bridge.greeted();
    call.model.answer('r1', 'i1', speech(1_000), 'one two three four five');
    await bridge.hear(call, 5);
    call.phone.hangUp();
    await bridge.report(call.callId);
    expect(bridge.journal.utterances.at(-1)).toMatchObject({ text: 'one', interrupted: true });
  });

  it.each<[string, (model: ScriptedSession) => void, string]>([
    ['its socket closes', (model) => model.hangUp(), 'model_closed'],
    [
      'its session expires',
      (model) =>
        model.say({
          type: 'error',
          error: { type: 'invalid_request_error', code: 'session_expired', message: 'over' },
        }),
      'model_session_expired',
    ],
    [
      'its quota is spent',
      (model) => {
        model.begin('r1');
        model.fail('r1', { type: 'insufficient_quota', code: 'insufficient_quota' });
      },
      'model_insufficient_quota',
    ],
  ])('is an upstream error when the model fails: %s', async (_, fail, reason) => {
    const call = await bridge.greeted();
    fail(call.model);
    expect((await bridge.report(call.callId)).verdict).toEqual({ result: 'upstream_error', reason });
    expect((await call.phone.stream.closed).code).toBe(1000);
  });

  it('is none for errors that are races or about one request', async () => {
    const call = await bridge.greeted();
    call.model.say({
      type: 'error',
      error: { type: 'invalid_request_error', code: 'response_cancel_not_active', message: 'x' },
    });
    call.model.say({
      type: 'error',
      error: {
        type: 'invalid_request_error',
        code: 'invalid_value',
        message: 'already shorter',
        event_id: 'harmless_1',
      },
    });
    call.model.sayRaw('not json');
    call.model.sayRaw('{"type":"response.output_audio.delta","delta":7}');
    call.model.sayRaw('{"type":"response.done"}');
    call.model.sayRaw('{"type":"response.created","response":null}');
    await bridge.afterModel(call);
    await bridge.fence(call);
    expect(bridge.journal.reports.has(call.callId)).toBe(false);
  });

  it('comes when the model never becomes ready, with the caller let go', async () => {
    bridge.model.answersUpdate = false;
    const place = await bridge.place();
    const phone = await bridge.ring(place);
    phone.start(place.streamToken);
    await bridge.letIn(place);
    bridge.clock.advance(5_000);
    expect((await bridge.report(place.callId)).verdict).toEqual({
      result: 'upstream_error',
      reason: 'model_connect_timeout',
    });
    expect((await phone.stream.closed).code).toBe(1000);
  });

  it('is waited for by the drain of the process', async () => {
    const call = await bridge.greeted();
    const finished = bridge.calls.finish(bridge.reservations.empty(), 60_000);
    call.phone.hangUp();
    await finished;
    expect((await bridge.report(call.callId)).verdict.reason).toBe('caller_hung_up');
  });
});

describe('the language', () => {
  it('follows the caller among those on offer', async () => {
    const call = await bridge.greeted();
    callerSays(call.model, 'c1', 'Bonjour');
    call.model.callTools('r1', [toolCall('f1', 'switch_language', { language: 'fr' })]);
    await eventually(() => expect(call.model.ofType('response.create')).toHaveLength(2));
    expect(call.model.ofType('conversation.item.create').at(-1)).toMatchObject({
      item: { output: '{"ok":true,"language":"fr-CA"}' },
    });
    call.phone.hangUp();
    expect((await bridge.report(call.callId)).language).toBe('fr-CA');
  });
});

describe('a mistake of ours', () => {
  it('ends the call it happens in, and no other', async () => {
    const neighbour = await bridge.greeted();
    const call = await bridge.greeted();
    const tell = bridge.journal.uttered.bind(bridge.journal);
    bridge.journal.uttered = (ids, utterance, saying) => {
      if (ids.callId === call.callId && utterance.text === 'boom') throw new Error('a bug');
      tell(ids, utterance, saying);
    };
    callerSays(call.model, 'c1', 'boom');
    expect((await bridge.report(call.callId)).verdict).toEqual({
      result: 'server_error',
      reason: 'internal_error',
    });
    await bridge.fence(neighbour);
    expect(bridge.journal.reports.has(neighbour.callId)).toBe(false);
    expect(bridge.reservations.occupied).toBe(1);
  });
});

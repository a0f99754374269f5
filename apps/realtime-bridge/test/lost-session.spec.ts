import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SPEECH_CUT, WORDS_LOST } from '../src/domain/session-renewal.js';
import { ANSWER_PATIENCE_MS } from '../src/features/bridge-call/answer-watch.js';
import { BridgeUnderTest, eventually, speech } from './bridge-under-test.js';
import type { ScriptedSession } from './scripted-model.js';

let bridge: BridgeUnderTest;

beforeEach(async () => {
  bridge = await BridgeUnderTest.start({ renewing: true });
});

afterEach(() => bridge.stop());

const expire = (model: ScriptedSession): void =>
  model.say({
    type: 'error',
    error: { type: 'invalid_request_error', code: 'session_expired', message: 'over' },
  });

const nextModel = (): Promise<ScriptedSession> =>
  eventually(() => {
    const next = bridge.model.sessions[1];
    if (!next?.ofType('session.update')[0]) throw new Error('no other session was opened');
    return next;
  });

const toldTo = (model: ScriptedSession): string[] =>
  model
    .ofType('conversation.item.create')
    .map(({ item }) => (item as { content: { text: string }[] }).content[0]?.text ?? '');

const asked = (model: ScriptedSession, times: number): Promise<string> =>
  eventually(() => {
    const orders = model.ofType('response.create');
    expect(orders).toHaveLength(times);
    return String(orders.at(-1)?.['event_id']);
  });

describe('a call whose session is lost', () => {
  it('while the assistant speaks goes on: what was heard stays, and the rest is said by the next session', async () => {
    const call = await bridge.greeted();
    const { model, phone } = call;
    model.callerSpeaks('c1');
    model.callerPauses('c1');
    model.transcribe('c1', 'When can you come?');
    model.begin('r1');
    model.speak('r1', 'i1', speech(180), 'We can come');
    await bridge.hear(call, 1);
    expire(model);
    const next = await nextModel();
    const order = await asked(next, 1);
    expect(toldTo(next)).toEqual(['Hello, this is an AI.', 'When can you come?', 'We can come', SPEECH_CUT]);
    next.answer('r2', 'i2', speech(60), 'on Tuesday.', [], order);
    await bridge.hear({ phone, model: next }, 3);
    phone.hangUp();
    expect((await bridge.report(call.callId)).verdict).toEqual({
      result: 'completed',
      reason: 'caller_hung_up',
    });
    expect(bridge.journal.utterances.map(({ text }) => text)).toEqual([
      'Hello, this is an AI.',
      'When can you come?',
      'We can come',
      'on Tuesday.',
    ]);
  });

  it('answers the turn that was over and had no answer, once', async () => {
    const call = await bridge.greeted();
    call.model.callerSpeaks('c1');
    call.model.callerPauses('c1');
    call.model.transcribe('c1', 'My sink leaks.');
    await bridge.afterModel(call);
    call.model.hangUp();
    const next = await nextModel();
    const order = await asked(next, 1);
    expect(toldTo(next)).toEqual(['Hello, this is an AI.', 'My sink leaks.']);
    next.answer('r1', 'i1', speech(60), 'Since when?', [], order);
    await bridge.hear({ phone: call.phone, model: next }, 1);
    bridge.clock.advance(ANSWER_PATIENCE_MS);
    await bridge.fence({ phone: call.phone, model: next });
    expect(next.ofType('response.create')).toHaveLength(1);
  });

  it('lets the caller go on who was speaking, and asks him when he does not', async () => {
    const call = await bridge.greeted();
    const { phone } = call;
    call.model.callerSpeaks('c1');
    await bridge.afterModel(call);
    call.model.hangUp();
    const next = await nextModel();
    await bridge.fence({ phone, model: next });
    expect(toldTo(next)).toEqual(['Hello, this is an AI.', WORDS_LOST]);
    next.callerSpeaks('c2');
    await bridge.afterModel({ ...call, model: next });
    bridge.clock.advance(ANSWER_PATIENCE_MS);
    await bridge.fence({ phone, model: next });
    expect(next.ofType('response.create')).toEqual([]);
    next.callerPauses('c2');
    next.transcribe('c2', 'and it leaks.');
    await bridge.afterModel({ ...call, model: next });
    bridge.clock.advance(ANSWER_PATIENCE_MS);
    await asked(next, 1);
    await eventually(() => expect(bridge.journal.utterances.at(-1)?.text).toBe('and it leaks.'));
  });

  it('before the greeting was heard greets in the next one', async () => {
    const call = await bridge.answered();
    call.model.begin('greeting', call.greetingOrder);
    await bridge.afterModel(call);
    call.model.hangUp();
    const next = await nextModel();
    const order = await asked(next, 1);
    expect(next.ofType('response.create')[0]?.['response']).toMatchObject({
      instructions: (call.model.ofType('response.create')[0]?.['response'] as { instructions: string })
        .instructions,
    });
    next.answer('greeting_2', 'item_2', speech(60), 'Hello, this is an AI.', [], order);
    await bridge.hear({ phone: call.phone, model: next }, 1);
    await eventually(() =>
      expect(bridge.journal.utterances.map(({ text }) => text)).toEqual(['Hello, this is an AI.']),
    );
  });
});

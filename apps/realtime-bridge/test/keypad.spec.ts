import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ASKS_FOR_PERSON, KEY_PATIENCE_MS } from '../src/domain/keypad.js';
import { BridgeUnderTest, eventually, type HeldPlace, speech, type TestPhone } from './bridge-under-test.js';
import { type ScriptedSession, toolCall } from './scripted-model.js';

type Call = HeldPlace & { phone: TestPhone };

let bridge: BridgeUnderTest;

beforeEach(async () => {
  bridge = await BridgeUnderTest.start();
});

afterEach(() => bridge.stop());

const press = async (call: Call, keys: string): Promise<void> => {
  for (const key of keys) call.phone.stream.send(call.phone.stream.writer.dtmf(key));
  await bridge.fence(call);
};

/** What the caller has keyed, as the model was told, in the order of things. */
const keyed = (model: ScriptedSession): string[] =>
  model.ofType('conversation.item.create').flatMap(({ item }) => {
    const { role, content } = item as { role?: string; content?: { text: string }[] };
    return role === 'user' ? (content ?? []).map(({ text }) => text) : [];
  });

describe('keys that a caller presses', () => {
  it('are told to the model as what he says, answered, and stand in the transcript', async () => {
    const call = await bridge.greeted();
    const { model } = call;
    await press(call, '6135550142');
    expect(keyed(model)).toEqual([]);
    bridge.clock.advance(KEY_PATIENCE_MS);
    await eventually(() => expect(keyed(model)).toEqual(['(keypad) 6135550142']));
    await eventually(() => expect(model.ofType('response.create')).toHaveLength(2));
    expect(bridge.journal.utterances.at(-1)).toMatchObject({
      seq: 2,
      speaker: 'caller',
      text: '(keypad) 6135550142',
      endedAtMs: expect.any(Number),
    });
    expect(model.received.map(({ type }) => type).slice(-2)).toEqual([
      'conversation.item.create',
      'response.create',
    ]);
  });

  it('are complete at once by the hash key', async () => {
    const call = await bridge.greeted();
    await press(call, '6135550142#');
    await eventually(() => expect(keyed(call.model)).toEqual(['(keypad) 6135550142']));
  });

  it('are waited for as long as they come', async () => {
    const call = await bridge.greeted();
    await press(call, '613');
    bridge.clock.advance(KEY_PATIENCE_MS - 1);
    await press(call, '5550142');
    bridge.clock.advance(KEY_PATIENCE_MS - 1);
    await bridge.fence(call);
    expect(keyed(call.model)).toEqual([]);
    bridge.clock.advance(1);
    await eventually(() => expect(keyed(call.model)).toEqual(['(keypad) 6135550142']));
  });

  it('ask for a person by a single zero', async () => {
    const call = await bridge.greeted();
    await press(call, '0#');
    await eventually(() => expect(keyed(call.model)).toEqual([ASKS_FOR_PERSON]));
    await eventually(() => expect(call.model.ofType('response.create')).toHaveLength(2));
  });

  it('stop our speech as a voice does that means it, at once', async () => {
    const call = await bridge.greeted();
    const { model, phone } = call;
    model.begin('r1');
    model.speak('r1', 'i1', speech(1_020), 'one two three four five six seven eight nine ten');
    await bridge.hear(call, 5);
    await press(call, '6');
    expect(phone.clears).toBe(1);
    expect(model.ofType('response.cancel')).toMatchObject([{ response_id: 'r1' }]);
    expect(model.ofType('conversation.item.truncate')).toMatchObject([{ item_id: 'i1', audio_end_ms: 300 }]);
    expect(bridge.journal.utterances.at(-1)).toMatchObject({ text: 'one two three', interrupted: true });
  });

  it('decide what a voice has left open', async () => {
    const call = await bridge.greeted();
    const { model, phone } = call;
    model.answer('r1', 'i1', speech(1_020), 'one two three four five six seven eight nine ten');
    await bridge.hear(call, 5);
    model.callerSpeaks('c1', 0);
    await eventually(() => expect(phone.clears).toBe(1));
    expect(model.ofType('conversation.item.truncate')).toEqual([]);
    await press(call, '6');
    expect(model.ofType('conversation.item.truncate')).toMatchObject([{ item_id: 'i1', audio_end_ms: 300 }]);
  });

  it('are not talked over, and are no silence', async () => {
    const call = await bridge.greeted();
    const { model, phone } = call;
    await press(call, '6');
    const before = phone.audio.length;
    model.answer('r1', 'i1', speech(500), 'What is your name?');
    await eventually(() => expect(model.ofType('response.cancel')).toMatchObject([{ response_id: 'r1' }]));
    await bridge.afterModel(call);
    expect(phone.audio).toHaveLength(before);
    for (let i = 0; i < 5; i++) {
      bridge.clock.advance(KEY_PATIENCE_MS - 1);
      await press(call, '1');
    }
    expect(model.ofType('response.create')).toHaveLength(1);
  });

  it('prove what is captured from them', async () => {
    const call = await bridge.greeted();
    await press(call, '6135550142#');
    await eventually(() => expect(keyed(call.model)).toHaveLength(1));
    call.model.callTools('r1', [
      toolCall('f1', 'capture_field', { name: 'callback_number', value: '6135550142', read_back: false }),
    ]);
    await eventually(() =>
      expect(bridge.journal.fields).toMatchObject([{ utteranceSeq: 2, field: { value: '+16135550142' } }]),
    );
  });

  it('are kept when he hangs up behind them', async () => {
    const call = await bridge.greeted();
    await press(call, '6135550142');
    call.phone.hangUp();
    const report = await bridge.report(call.callId);
    expect(report).toMatchObject({ lastUtteranceSeq: 2, verdict: { result: 'completed' } });
    expect(bridge.journal.utterances.at(-1)).toMatchObject({
      text: '(keypad) 6135550142',
      speaker: 'caller',
    });
  });

  it('that mean nothing change nothing', async () => {
    const call = await bridge.greeted();
    const { model, phone } = call;
    model.answer('r1', 'i1', speech(600), 'one two three');
    await bridge.hear(call, 1);
    await press(call, '*#');
    bridge.clock.advance(KEY_PATIENCE_MS);
    await bridge.fence(call);
    expect(phone.clears).toBe(0);
    expect(keyed(model)).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { REAL_AFTER_MS } from '../src/domain/interruption.js';
import { silenceDurationMs } from '../src/domain/turn-detection.js';
import { BridgeUnderTest, eventually, type HeldPlace, speech, type TestPhone } from './bridge-under-test.js';
import { type ScriptedSession, toolCall } from './scripted-model.js';

type Call = HeldPlace & { phone: TestPhone };

const GREETING = 'Hello, this is the AI assistant of Rideau Plumbing. How can I help you?';
const LIMITED = { type: 'tokens', code: 'rate_limit_exceeded' };

let bridge: BridgeUnderTest;

beforeEach(async () => {
  bridge = await BridgeUnderTest.start();
});

afterEach(() => bridge.stop());

/** Sound of that length that is no other phrase's. */
const sound = (ms: number, mark: number): Uint8Array => new Uint8Array(ms * 8).fill(mark);

/** A stream whose model has not become ready. */
const withoutModel = async (): Promise<Call> => {
  bridge.model.answersUpdate = false;
  const place = await bridge.place();
  const phone = await bridge.ring(place);
  phone.start(place.streamToken);
  await bridge.letIn(place);
  return { ...place, phone };
};

const withModel = async (change = {}): Promise<Call> => {
  const place = await bridge.place(change);
  const phone = await bridge.ring(place);
  phone.start(place.streamToken);
  await bridge.letIn(place);
  return { ...place, phone };
};

/** A call whose greeting was said from what was prepared, and heard. */
const greeted = async (): Promise<Call> => {
  bridge.phrases.record('greeting', sound(60, 1));
  const call = await withModel();
  await bridge.hear(call, 1);
  await eventually(() => expect(bridge.journal.utterances).toHaveLength(1));
  return call;
};

const callerSays = (model: ScriptedSession, itemId: string, text: string): void => {
  model.callerSpeaks(itemId);
  model.callerPauses(itemId);
  model.transcribe(itemId, text);
};

const itemsOf = (model: ScriptedSession): { id?: string; role: string; text: string }[] =>
  model.ofType('conversation.item.create').flatMap(({ item }) => {
    const { id, role, content } = item as { id?: string; role?: string; content?: { text: string }[] };
    return role === undefined ? [] : [{ ...(id && { id }), role, text: content?.[0]?.text ?? '' }];
  });

const texts = (): string[] => bridge.journal.utterances.map(({ text }) => text);

describe('the greeting that was prepared', () => {
  it('begins with the stream, though the model has not connected', async () => {
    bridge.phrases.record('greeting', sound(1_000, 1));
    const { phone, model } = await withoutModel();
    await eventually(() => expect(phone.audio).toEqual(Buffer.from(sound(300, 1))));
    expect(model.received.map(({ type }) => type)).toEqual(['session.update']);
  });

  it('is the first utterance, and its clock runs from the stream’s start to its first piece', async () => {
    const call = await greeted();
    call.phone.hangUp();
    const { timings } = await bridge.report(call.callId);
    expect(bridge.journal.utterances).toMatchObject([
      { seq: 1, speaker: 'assistant', text: GREETING, interrupted: false },
    ]);
    expect(timings.greetingMs).toBe(1);
  });

  it('is told to the model once, before what the caller said meanwhile, and not asked for', async () => {
    bridge.phrases.record('greeting', sound(1_000, 1));
    const { phone, model } = await withoutModel();
    const early = Array.from({ length: 150 }, (_, i) => phone.frame(i));
    bridge.clock.advance(3_000);
    model.becomeReady();
    await eventually(() => expect(model.heardAudio).toHaveLength(150));
    expect(model.heardAudio).toEqual(early);
    expect(model.received.slice(0, 3).map(({ type }) => type)).toEqual([
      'session.update',
      'conversation.item.create',
      'input_audio_buffer.append',
    ]);
    expect(itemsOf(model)).toEqual([{ id: 'ours_greeting_1', role: 'assistant', text: GREETING }]);
    expect(model.ofType('response.create')).toEqual([]);
  });

  it('is answered for, when the caller spoke during it', async () => {
    const call = await greeted();
    callerSays(call.model, 'c1', 'Hello?');
    call.model.answer('r1', 'i1', speech(60), 'Hello, what can I do?');
    await bridge.hear(call, 1);
    await eventually(() => expect(texts()).toEqual([GREETING, 'Hello?', 'Hello, what can I do?']));
  });

  it('is asked for an answer all the same, when the model gives none by itself', async () => {
    const { model } = await greeted();
    callerSays(model, 'c1', 'Hello?');
    await eventually(() => expect(bridge.journal.utterances).toHaveLength(2));
    bridge.clock.advance(3_000);
    await eventually(() => expect(model.ofType('response.create')).toHaveLength(1));
  });

  it('leaves its heard beginning in transcript and memory, when the caller interrupts it', async () => {
    bridge.phrases.record('greeting', sound(1_200, 1));
    const call = await withModel();
    const { model, phone } = call;
    await bridge.hear(call, 5);
    model.say({
      type: 'conversation.item.added',
      previous_item_id: null,
      item: { id: 'ours_greeting_1', type: 'message', role: 'assistant' },
    });
    model.callerSpeaks('c1');
    await eventually(() => expect(phone.clears).toBe(1));
    bridge.clock.advance(REAL_AFTER_MS + silenceDurationMs(0));
    await eventually(() => expect(model.ofType('conversation.item.delete')).toHaveLength(1));
    // A quarter of its time, back to the last whole word.
    const heard = 'Hello, this is';
    expect(bridge.journal.utterances).toMatchObject([{ text: heard, interrupted: true }]);
    expect(model.ofType('conversation.item.delete')).toMatchObject([{ item_id: 'ours_greeting_1' }]);
    expect(model.ofType('conversation.item.create').at(-1)).toMatchObject({
      previous_item_id: 'root',
      item: { role: 'assistant', content: [{ type: 'output_text', text: heard }] },
    });
    expect(model.ofType('conversation.item.truncate')).toEqual([]);
  });

  it('is followed by no question whether somebody is there, while the model is not', async () => {
    bridge.phrases.record('greeting', sound(60, 1));
    bridge.phrases.record('stillThere', sound(60, 2));
    const call = await withoutModel();
    await eventually(() => expect(call.phone.waitingMarks).toBe(1));
    bridge.clock.advance(60);
    call.phone.playPiece();
    await eventually(() => expect(texts()).toEqual([GREETING]));
    call.model.becomeReady();
    await eventually(() => expect(itemsOf(call.model)).toHaveLength(1));
    await bridge.afterModel(call);
    bridge.clock.advance(6_000);
    await eventually(() => expect(call.phone.audio).toHaveLength(120 * 8));
  });
});

describe('a call that goes on', () => {
  it('hears at once that we are back, and is asked on', async () => {
    bridge.phrases.record('greeting', sound(60, 1));
    bridge.phrases.record('cutOff', sound(120, 2));
    const first = await greeted();
    const next = await BridgeUnderTest.start({ beside: bridge });
    try {
      next.phrases.record('cutOff', sound(120, 2));
      const place = await next.place({
        callId: first.callId,
        callSid: first.callSid,
        conversationId: 'cv_1',
        handovers: 1,
      });
      const phone = await next.ring(place);
      phone.start(place.streamToken);
      await eventually(() => expect(phone.audio).toEqual(Buffer.from(sound(120, 2))));
      await eventually(() => expect(place.model.ofType('response.create')).toHaveLength(1));
      expect(place.model.ofType('response.create')[0]?.['response']).not.toHaveProperty('instructions');
      expect(itemsOf(place.model)).toMatchObject([
        { role: 'assistant', text: GREETING },
        { role: 'system' },
        { id: 'ours_cutOff_1', text: 'Sorry, we were cut off for a moment.' },
      ]);
    } finally {
      await next.stop();
    }
  });
});

describe('silence', () => {
  it('is broken and ended with what was prepared, of which the model knows', async () => {
    bridge.phrases.record('stillThere', sound(60, 2));
    bridge.phrases.record('silentGoodbye', sound(120, 3));
    const call = await greeted();
    const { model, phone } = call;
    for (const pieces of [1, 1]) {
      bridge.clock.advance(6_000);
      await bridge.hear(call, pieces);
    }
    bridge.clock.advance(6_000);
    await bridge.hear(call, 1);
    expect(bridge.journal.reports.has(call.callId)).toBe(false);
    bridge.clock.advance(60);
    phone.playPiece();
    expect((await bridge.report(call.callId)).verdict.reason).toBe('silence_timeout');
    expect(model.ofType('response.create')).toEqual([]);
    expect(texts().slice(1)).toEqual([
      'Are you still there?',
      'Are you still there?',
      'I cannot hear you, so I will hang up now. Please call again any time, good-bye.',
    ]);
    expect(itemsOf(model).map(({ text }) => text)).toEqual(texts());
  });
});

describe('the filler', () => {
  const name = { name: 'caller_name', value: 'Marie', read_back: false };

  /** A turn in which the model has called a tool and said nothing. */
  const toolTurn = async (call: Call): Promise<string> => {
    const asked = call.model.ofType('response.create').length;
    callerSays(call.model, 'c1', 'Marie');
    call.model.callTools('r1', [toolCall('f1', 'capture_field', name)]);
    return eventually(() => {
      const order = call.model.ofType('response.create')[asked]?.['event_id'];
      if (typeof order !== 'string') throw new Error('nothing was asked for');
      return order;
    });
  };

  beforeEach(() => bridge.phrases.record('filler', sound(60, 9)));

  it('is said when no answer has come in time, before the answer, and is no part of the conversation', async () => {
    const call = await greeted();
    const { phone, model } = call;
    const order = await toolTurn(call);
    const before = phone.audio.length;
    bridge.clock.advance(699);
    await bridge.fence(call);
    expect(phone.audio).toHaveLength(before);
    bridge.clock.advance(1);
    await eventually(() => expect(phone.audio.subarray(before)).toEqual(Buffer.from(sound(60, 9))));
    model.answer('r2', 'i2', sound(60, 5), 'Thank you, Marie.', [], order);
    await bridge.afterModel(call);
    await bridge.hear(call, 2);
    expect(phone.audio.subarray(before)).toEqual(Buffer.concat([sound(60, 9), sound(60, 5)]));
    await eventually(() => expect(texts()).toEqual([GREETING, 'Marie', 'Thank you, Marie.']));
    expect(itemsOf(model).map(({ text }) => text)).not.toContain('One moment, please.');
    phone.hangUp();
    const { timings } = await bridge.report(call.callId);
    // The answer was there at once after the filler had been asked for; what is measured is the answer.
    expect(timings.turns).toEqual([
      { turn: 1, firstByteMs: 700, heardGapMs: expect.any(Number), filler: true },
    ]);
  });

  it('is not said over an answer, nor when one has begun', async () => {
    const call = await greeted();
    const order = await toolTurn(call);
    bridge.clock.advance(600);
    call.model.begin('r2', order);
    call.model.speak('r2', 'i2', sound(60, 5), 'Thank');
    await bridge.hear(call, 1);
    bridge.clock.advance(2_000);
    await bridge.fence(call);
    expect(call.phone.audio.includes(9)).toBe(false);
    call.phone.hangUp();
    const { timings } = await bridge.report(call.callId);
    expect(timings.turns[0]).not.toHaveProperty('filler');
  });

  it('is not said to a caller who speaks', async () => {
    const call = await greeted();
    await toolTurn(call);
    call.model.callerSpeaks('c2');
    await bridge.afterModel(call);
    bridge.clock.advance(2_000);
    await bridge.fence(call);
    expect(call.phone.audio.includes(9)).toBe(false);
  });

  it('is said once a turn', async () => {
    const call = await greeted();
    const { model, phone } = call;
    const order = await toolTurn(call);
    bridge.clock.advance(700);
    await bridge.hear(call, 1);
    const before = phone.audio.length;
    model.begin('r2', order);
    model.end('r2', [toolCall('f2', 'capture_field', { ...name, value: 'Marie T' })]);
    await eventually(() => expect(model.ofType('response.create')).toHaveLength(2));
    bridge.clock.advance(2_000);
    await bridge.fence(call);
    expect(phone.audio).toHaveLength(before);
  });

  it('is stopped by a caller who speaks, without a word to the model', async () => {
    bridge.phrases.record('filler', sound(600, 9));
    const call = await greeted();
    await toolTurn(call);
    bridge.clock.advance(700);
    await bridge.hear(call, 1);
    call.model.callerSpeaks('c2');
    await eventually(() => expect(call.phone.clears).toBe(1));
    expect(call.model.ofType('conversation.item.truncate')).toEqual([]);
    expect(call.model.ofType('conversation.item.delete')).toEqual([]);
  });
});

describe('a limit of the model', () => {
  const BUSY = 'I am sorry, I need a moment longer. Please bear with me.';

  beforeEach(() => bridge.phrases.record('busy', sound(60, 7)));

  const limitedTurn = async (call: Call, error: object = LIMITED): Promise<void> => {
    callerSays(call.model, 'c1', 'Are you open?');
    call.model.begin('r1');
    call.model.fail('r1', error);
    await bridge.hear(call, 1);
  };

  it('is told to the caller once, and the answer asked for again when time has passed', async () => {
    const call = await greeted();
    const { model, phone } = call;
    await limitedTurn(call);
    await eventually(() => expect(texts().at(-1)).toBe(BUSY));
    bridge.clock.advance(1_939);
    expect(model.ofType('response.create')).toEqual([]);
    bridge.clock.advance(1);
    const [again] = await eventually(() => {
      const orders = model.ofType('response.create');
      expect(orders).toHaveLength(1);
      return orders;
    });
    model.begin('r2', String(again?.['event_id']));
    model.fail('r2', LIMITED);
    await bridge.afterModel(call);
    bridge.clock.advance(3_999);
    expect(model.ofType('response.create')).toHaveLength(1);
    bridge.clock.advance(1);
    await eventually(() => expect(model.ofType('response.create')).toHaveLength(2));
    const order = String(model.ofType('response.create')[1]?.['event_id']);
    model.answer('r3', 'i3', sound(60, 5), 'We are open.', [], order);
    await bridge.hear(call, 1);
    await eventually(() => expect(texts()).toEqual([GREETING, 'Are you open?', BUSY, 'We are open.']));
    expect([...phone.audio].filter((byte) => byte === 7)).toHaveLength(480);
    phone.hangUp();
    const { timings } = await bridge.report(call.callId);
    expect(timings.turns).toMatchObject([{ turn: 1, firstByteMs: 6_000 }]);
  });

  it('is waited for as long as the model says', async () => {
    const call = await greeted();
    await limitedTurn(call, { ...LIMITED, message: 'Please try again in 820ms.' });
    bridge.clock.advance(759);
    expect(call.model.ofType('response.create')).toEqual([]);
    bridge.clock.advance(1);
    await eventually(() => expect(call.model.ofType('response.create')).toHaveLength(1));
  });

  it('is forgotten when the caller speaks again', async () => {
    const call = await greeted();
    await limitedTurn(call);
    call.model.callerSpeaks('c2');
    await bridge.afterModel(call);
    bridge.clock.advance(10_000);
    await bridge.fence(call);
    expect(call.model.ofType('response.create')).toEqual([]);
  });

  it('that lasts ends the call, with an apology', async () => {
    bridge.phrases.record('apology', sound(120, 8));
    const call = await greeted();
    const { model, phone } = call;
    await limitedTurn(call);
    for (const [index, waitMs] of [2_000, 4_000].entries()) {
      bridge.clock.advance(waitMs);
      await eventually(() => expect(model.ofType('response.create')).toHaveLength(index + 1));
      model.begin(`again${index}`, String(model.ofType('response.create')[index]?.['event_id']));
      model.fail(`again${index}`, LIMITED);
      await bridge.afterModel(call);
    }
    await eventually(() => expect(phone.waitingMarks).toBe(2));
    bridge.clock.advance(60);
    phone.playPiece();
    bridge.clock.advance(60);
    expect(bridge.journal.reports.has(call.callId)).toBe(false);
    phone.playPiece();
    expect((await bridge.report(call.callId)).verdict).toEqual({
      result: 'upstream_error',
      reason: 'model_rate_limit_exceeded',
    });
    expect(texts().at(-1)).toBe('I am sorry, please call again in a moment. Good-bye.');
    expect((await phone.stream.closed).code).toBe(1000);
  });
});

describe('a model that is gone', () => {
  beforeEach(() => bridge.phrases.record('apology', sound(600, 8)));

  it('is apologised for, in place of what was being said', async () => {
    const call = await greeted();
    const { model, phone } = call;
    model.begin('r1');
    model.speak('r1', 'i1', speech(1_000), 'one two three four five six seven eight nine ten');
    await bridge.hear(call, 2);
    const before = phone.clears;
    model.hangUp();
    await eventually(() => expect(phone.clears).toBe(before + 1));
    await eventually(() => expect(phone.waitingMarks).toBe(5));
    for (let i = 0; i < 10; i++) {
      await eventually(() => expect(phone.waitingMarks).toBeGreaterThan(0));
      bridge.clock.advance(60);
      phone.playPiece();
    }
    expect((await bridge.report(call.callId)).verdict.reason).toBe('model_closed');
    expect(texts().slice(-2)).toEqual(['one', 'I am sorry, please call again in a moment. Good-bye.']);
  });

  it('keeps nobody longer than three seconds', async () => {
    const call = await greeted();
    call.model.hangUp();
    await eventually(() => expect(call.phone.waitingMarks).toBe(5));
    bridge.clock.advance(2_999);
    expect(bridge.journal.reports.has(call.callId)).toBe(false);
    bridge.clock.advance(1);
    expect((await bridge.report(call.callId)).verdict.reason).toBe('model_closed');
  });

  it('is the reason of the end, also when the caller hangs up during the apology', async () => {
    const call = await greeted();
    call.model.hangUp();
    await eventually(() => expect(call.phone.waitingMarks).toBe(5));
    call.phone.hangUp();
    expect((await bridge.report(call.callId)).verdict.reason).toBe('model_closed');
  });

  it('is apologised for, when it never came', async () => {
    bridge.phrases.record('greeting', sound(60, 1));
    const call = await withoutModel();
    await eventually(() => expect(call.phone.waitingMarks).toBe(1));
    bridge.clock.advance(60);
    call.phone.playPiece();
    await eventually(() => expect(texts()).toEqual([GREETING]));
    bridge.clock.advance(4_940);
    await eventually(() => expect(call.phone.audio.includes(8)).toBe(true));
    bridge.clock.advance(3_000);
    expect((await bridge.report(call.callId)).verdict.reason).toBe('model_connect_timeout');
  });
});

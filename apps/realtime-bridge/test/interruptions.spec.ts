import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { REAL_AFTER_MS, WORDS_PATIENCE_MS } from '../src/domain/interruption.js';
import {
  BridgeUnderTest,
  eventually,
  type HeldPlace,
  PROFILE,
  speech,
  type TestPhone,
} from './bridge-under-test.js';
import { type ScriptedSession, toolCall } from './scripted-model.js';

const SILENCE_MS = 450;
const PADDING_MS = 300;
const PIECE_BYTES = 480;
const WORDS = 'one two three four five six seven eight nine ten';

type Call = HeldPlace & { phone: TestPhone };

let bridge: BridgeUnderTest;

beforeEach(async () => {
  bridge = await BridgeUnderTest.start();
});

afterEach(() => bridge.stop());

/** How much of the caller's audio the model has, which is where its clock stands. */
const inputMs = (model: ScriptedSession): number => model.heardAudio.length * 20;

/** A sound of the caller's that begins now. */
const sounds = (model: ScriptedSession, itemId: string): void =>
  model.callerSpeaks(itemId, inputMs(model) - PADDING_MS);

const falls = (model: ScriptedSession, itemId: string, lengthMs = 200): void =>
  model.callerPauses(itemId, inputMs(model) + lengthMs + SILENCE_MS);

const utterances = (): string[] => bridge.journal.utterances.map(({ text }) => text);

/** A call whose line has been open for a while: the model pads what it hears with what came before. */
const onTheLine = async (): Promise<Call> => {
  const call = await bridge.greeted();
  for (let ms = 0; ms < PADDING_MS; ms += 20) call.phone.frame(0xff);
  await bridge.fence(call);
  return call;
};

/** We say a second of something, of which the caller has heard five pieces when he is heard himself. */
const spokenOver = async (
  text = WORDS,
  {
    made = 'whole',
    lengthMs = 1_020,
    call,
  }: { made?: 'whole' | 'going-on'; lengthMs?: number; call?: Call } = {},
): Promise<Call & { audio: Uint8Array; sentBefore: number }> => {
  const taken = call ?? (await onTheLine());
  const { model, phone } = taken;
  const audio = speech(lengthMs);
  model.begin('r1');
  model.speak('r1', 'i1', audio, text);
  if (made === 'whole') {
    model.completeItem('r1', 'i1', text);
    model.end('r1');
  }
  await bridge.hear(taken, 5);
  await eventually(() => expect(phone.waitingMarks).toBe(Math.min(5, lengthMs / 60 - 5)));
  const sentBefore = phone.audio.length;
  sounds(model, 'c1');
  return { ...taken, audio, sentBefore };
};

/** The same, with the phone silent by now. */
const hushed = async (...given: Parameters<typeof spokenOver>): ReturnType<typeof spokenOver> => {
  const call = await spokenOver(...given);
  await eventually(() => expect(call.phone.clears).toBe(1));
  return call;
};

const sound = (model: ScriptedSession, itemId: string, words: string): void => {
  falls(model, itemId);
  model.transcribe(itemId, words);
};

const resumed = async ({ phone, sentBefore }: { phone: TestPhone; sentBefore: number }): Promise<void> => {
  await eventually(() => expect(phone.audio.length).toBeGreaterThan(sentBefore));
};

describe('a cough over our speech', () => {
  it('stops it at once, and it goes on with exactly what was not heard', async () => {
    const call = await hushed();
    const { model, phone, audio, sentBefore, callId } = call;
    // Besides the greeting's piece: five that were heard, and five that were not.
    expect(sentBefore).toBe(11 * PIECE_BYTES);
    sound(model, 'c1', '');
    await resumed(call);
    await bridge.hear(call, 12);
    await eventually(() => expect(utterances()).toEqual(['Hello, this is an AI.', WORDS]));
    expect(phone.audio.subarray(sentBefore)).toEqual(Buffer.from(audio.subarray(5 * PIECE_BYTES)));
    expect(bridge.journal.utterances.at(-1)).toMatchObject({ interrupted: false });
    expect(model.ofType('response.cancel')).toEqual([]);
    expect(model.ofType('conversation.item.truncate')).toEqual([]);
    phone.hangUp();
    expect((await bridge.report(callId)).timings).toMatchObject({
      falseInterruptions: 1,
      bargeIns: 0,
      truncations: 0,
      turns: [],
    });
  });

  it('in the middle of a piece has that piece played again', async () => {
    const call = await onTheLine();
    const { model, phone } = call;
    const audio = speech(600);
    model.answer('r1', 'i1', audio, WORDS);
    await bridge.hear(call, 1);
    await eventually(() => expect(phone.waitingMarks).toBe(5));
    const sentBefore = phone.audio.length;
    bridge.clock.advance(45);
    sounds(model, 'c1');
    await eventually(() => expect(phone.clears).toBe(1));
    sound(model, 'c1', '[coughs]');
    await resumed({ phone, sentBefore });
    await bridge.hear(call, 9);
    expect(phone.audio.subarray(sentBefore)).toEqual(Buffer.from(audio.subarray(PIECE_BYTES)));
  });

  it('is answered by the model, and the caller hears nothing of that and the model remembers nothing of it', async () => {
    const call = await hushed();
    const { model, phone, audio, sentBefore } = call;
    falls(model, 'c1');
    model.begin('r2');
    model.speak('r2', 'i2', speech(500), 'Sorry, could you repeat that?');
    await bridge.afterModel(call);
    expect(phone.audio).toHaveLength(sentBefore);
    model.transcribe('c1', '');
    await eventually(() => expect(model.ofType('response.cancel')).toMatchObject([{ response_id: 'r2' }]));
    model.speak('r2', 'i2b', speech(500), 'Hello?');
    model.end('r2', [], 'cancelled');
    await bridge.hear(call, 12);
    await eventually(() => expect(utterances().at(-1)).toBe(WORDS));
    expect(phone.audio.subarray(sentBefore)).toEqual(Buffer.from(audio.subarray(5 * PIECE_BYTES)));
    expect(model.ofType('conversation.item.truncate')).toMatchObject([
      { item_id: 'i2', audio_end_ms: 0 },
      { item_id: 'i2b', audio_end_ms: 0 },
    ]);
    expect(utterances()).toHaveLength(2);
  });

  it('is answered only when it has been decided, and the caller hears nothing of that either', async () => {
    const call = await hushed();
    const { model, phone, audio, sentBefore } = call;
    sound(model, 'c1', '');
    await resumed(call);
    model.answer('r2', 'i2', speech(500), 'Sorry?');
    await eventually(() => expect(model.ofType('response.cancel')).toMatchObject([{ response_id: 'r2' }]));
    await bridge.hear(call, 12);
    await bridge.afterModel(call);
    expect(phone.audio.subarray(sentBefore)).toEqual(Buffer.from(audio.subarray(5 * PIECE_BYTES)));
    // The next turn is answered as any.
    sounds(model, 'c2');
    sound(model, 'c2', 'And on Monday?');
    model.answer('r3', 'i3', speech(60), 'Yes.');
    await bridge.hear(call, 1);
    await eventually(() => expect(utterances().slice(2)).toEqual(['And on Monday?', 'Yes.']));
  });

  it('does not have the tools obeyed that its answer calls', async () => {
    const call = await hushed();
    const { model, callId } = call;
    falls(model, 'c1');
    model.callTools('r2', [toolCall('f1', 'end_call', { reason: 'done' })]);
    model.transcribe('c1', '');
    await resumed(call);
    await bridge.hear(call, 12);
    await bridge.afterModel(call);
    expect(model.ofType('conversation.item.create')).toEqual([]);
    expect(bridge.journal.reports.has(callId)).toBe(false);
    expect(model.ofType('response.create')).toHaveLength(1);
  });

  it('that the model was too busy to answer is not answered later', async () => {
    const call = await hushed(WORDS, { made: 'going-on' });
    const { model } = call;
    falls(model, 'c1');
    model.say({
      type: 'error',
      error: { type: 'invalid_request_error', code: 'conversation_already_has_active_response', message: '' },
    });
    model.transcribe('c1', '');
    await resumed(call);
    model.completeItem('r1', 'i1', WORDS);
    model.end('r1');
    await bridge.hear(call, 12);
    await bridge.afterModel(call);
    bridge.clock.advance(3_500);
    await bridge.fence(call);
    expect(model.ofType('response.create')).toHaveLength(1);
  });

  it('while the answer is still being made leaves it whole, and its tools are obeyed', async () => {
    const call = await hushed(WORDS, { made: 'going-on', lengthMs: 780 });
    const { model, phone, audio, sentBefore } = call;
    const rest = speech(240);
    model.speak('r1', 'i1', rest, ' eleven');
    model.completeItem('r1', 'i1', `${WORDS} eleven`);
    model.end('r1', [
      toolCall('f1', 'capture_field', { name: 'caller_name', value: 'Marie', read_back: false }),
    ]);
    await bridge.afterModel(call);
    expect(model.ofType('conversation.item.create')).toEqual([]);
    sound(model, 'c1', '');
    await resumed(call);
    await bridge.hear(call, 12);
    await eventually(() => expect(utterances().at(-1)).toBe(`${WORDS} eleven`));
    expect(phone.audio.subarray(sentBefore)).toEqual(Buffer.concat([audio.subarray(5 * PIECE_BYTES), rest]));
    expect(bridge.journal.fields).toMatchObject([{ field: { name: 'caller_name', value: 'Marie' } }]);
  });

  it('and another after it are two', async () => {
    const call = await hushed();
    const { model, phone, audio, sentBefore, callId } = call;
    sound(model, 'c1', '');
    await resumed(call);
    await bridge.hear(call, 2);
    await eventually(() => expect(phone.waitingMarks).toBe(5));
    const sentAgain = phone.audio.length;
    sounds(model, 'c2');
    await eventually(() => expect(phone.clears).toBe(2));
    sound(model, 'c2', '...');
    await resumed({ phone, sentBefore: sentAgain });
    await bridge.hear(call, 10);
    await eventually(() => expect(utterances()).toEqual(['Hello, this is an AI.', WORDS]));
    const played = Buffer.concat([
      phone.audio.subarray(sentBefore, sentBefore + 2 * PIECE_BYTES),
      phone.audio.subarray(sentAgain),
    ]);
    expect(played).toEqual(Buffer.from(audio.subarray(5 * PIECE_BYTES)));
    phone.hangUp();
    expect((await bridge.report(callId)).timings.falseInterruptions).toBe(2);
  });

  it('and another before the first is decided are one, decided by both', async () => {
    const call = await hushed();
    const { model, phone, sentBefore, callId } = call;
    falls(model, 'c1');
    sounds(model, 'c2');
    model.transcribe('c1', '');
    await bridge.afterModel(call);
    expect(phone.audio).toHaveLength(sentBefore);
    model.answer('r2', 'i2', speech(60), 'Sorry?');
    sound(model, 'c2', '');
    await resumed(call);
    model.answer('r3', 'i3', speech(60), 'Sorry again?');
    await bridge.hear(call, 12);
    await bridge.afterModel(call);
    await eventually(() => expect(utterances().slice(1)).toEqual([WORDS]));
    expect(phone.waitingMarks).toBe(0);
    phone.hangUp();
    expect((await bridge.report(callId)).timings.falseInterruptions).toBe(1);
  });

  it('does not count as silence of his: that begins when our sentence has been heard', async () => {
    const call = await hushed();
    const { model } = call;
    sound(model, 'c1', '');
    await resumed(call);
    await bridge.hear(call, 12);
    await eventually(() => expect(utterances().at(-1)).toBe(WORDS));
    bridge.clock.advance(5_999);
    await bridge.fence(call);
    expect(model.ofType('response.create')).toHaveLength(1);
    bridge.clock.advance(1);
    await eventually(() => expect(model.ofType('response.create')).toHaveLength(2));
  });
});

describe('a listening sound over our speech', () => {
  it.each([
    ['en-CA', 'Mm-hm.'],
    ['en-CA', 'Okay, right.'],
    ['fr-CA', 'Hum-hum'],
    ['fr-CA', "D'accord, oui oui."],
    ['es-MX', 'Ajá'],
    ['es-MX', 'Sí, claro.'],
    ['tl-PH', 'Opo'],
    ['tl-PH', 'Sige po'],
  ])('(%s) "%s" does not end it, and stands in the transcript behind it', async (language, words) => {
    bridge.assistants.know({ ...PROFILE, languages: [language] });
    const call = await hushed();
    sound(call.model, 'c1', words);
    await resumed(call);
    await bridge.hear(call, 12);
    await eventually(() => expect(utterances().slice(1)).toEqual([WORDS, words]));
    expect(call.model.ofType('response.cancel')).toEqual([]);
  });

  it("that is our own voice come back does not end it, and is nobody's words", async () => {
    const call = await hushed();
    sound(call.model, 'c1', 'Two, three.');
    await resumed(call);
    await bridge.hear(call, 12);
    await eventually(() => expect(utterances().slice(1)).toEqual([WORDS]));
  });

  it('in silence is a turn like any other', async () => {
    const call = await onTheLine();
    const { model } = call;
    sounds(model, 'c1');
    sound(model, 'c1', 'Okay.');
    model.answer('r1', 'i1', speech(60), 'Good.');
    await bridge.hear(call, 1);
    await eventually(() => expect(utterances().slice(1)).toEqual(['Okay.', 'Good.']));
    expect(model.ofType('response.cancel')).toEqual([]);
  });
});

describe('a caller who means to interrupt', () => {
  it.each([
    ['en-CA', 'Stop'],
    ['fr-CA', 'Attendez'],
    ['es-MX', 'No'],
    ['tl-PH', 'Teka lang'],
  ])('(%s) by a short "%s" is obeyed, and the model remembers what he had heard', async (language, words) => {
    bridge.assistants.know({ ...PROFILE, languages: [language] });
    const call = await hushed();
    const { model, phone, sentBefore, callId } = call;
    falls(model, 'c1');
    model.answer('r2', 'i2', speech(120), 'Yes?');
    await bridge.afterModel(call);
    expect(phone.audio).toHaveLength(sentBefore);
    model.transcribe('c1', words);
    await bridge.hear(call, 2);
    await eventually(() => expect(utterances().slice(1)).toEqual(['one two three', words, 'Yes?']));
    expect(model.ofType('conversation.item.truncate')).toMatchObject([{ item_id: 'i1', audio_end_ms: 300 }]);
    expect(phone.audio.subarray(sentBefore)).toEqual(Buffer.from(speech(120)));
    phone.hangUp();
    expect((await bridge.report(callId)).timings).toMatchObject({
      falseInterruptions: 0,
      bargeIns: 1,
      truncations: 1,
      turns: [{ turn: 1 }],
    });
  });

  it('is taken for one when his words do not come in time', async () => {
    const call = await hushed();
    const { model } = call;
    falls(model, 'c1');
    model.answer('r2', 'i2', speech(60), 'Yes?');
    await bridge.afterModel(call);
    bridge.clock.advance(WORDS_PATIENCE_MS - 1);
    await bridge.fence(call);
    expect(model.ofType('conversation.item.truncate')).toEqual([]);
    bridge.clock.advance(1);
    await eventually(() =>
      expect(model.ofType('conversation.item.truncate')).toMatchObject([
        { item_id: 'i1', audio_end_ms: 300 },
      ]),
    );
    await bridge.hear(call, 1);
    model.transcribe('c1', '');
    await eventually(() => expect(utterances().slice(1)).toEqual(['one two three', 'Yes?']));
  });

  it('is obeyed in the middle of his sentence: the response that is being made is cancelled', async () => {
    const call = await hushed(WORDS, { made: 'going-on' });
    const { model } = call;
    bridge.clock.advance(REAL_AFTER_MS + SILENCE_MS - 1);
    await bridge.fence(call);
    expect(model.ofType('response.cancel')).toEqual([]);
    bridge.clock.advance(1);
    await eventually(() => expect(model.ofType('response.cancel')).toMatchObject([{ response_id: 'r1' }]));
    expect(model.ofType('conversation.item.truncate')).toMatchObject([{ item_id: 'i1', audio_end_ms: 300 }]);
  });

  it('is known by the length of his sound, whatever he said', async () => {
    const call = await hushed();
    falls(call.model, 'c1', REAL_AFTER_MS + 1);
    await eventually(() => expect(call.model.ofType('conversation.item.truncate')).toHaveLength(1));
  });

  it('does not have the tools obeyed of what he interrupted', async () => {
    const call = await hushed(WORDS, { made: 'going-on' });
    const { model, callId } = call;
    model.completeItem('r1', 'i1', WORDS);
    model.end('r1', [toolCall('f1', 'end_call', { reason: 'done' })]);
    sound(model, 'c1', 'Wait');
    model.answer('r2', 'i2', speech(60), 'Yes?');
    await bridge.hear(call, 1);
    await eventually(() => expect(utterances().at(-1)).toBe('Yes?'));
    expect(model.ofType('conversation.item.create')).toEqual([]);
    expect(bridge.journal.reports.has(callId)).toBe(false);
  });

  it('is answered to his last words, not to those before', async () => {
    const call = await hushed();
    const { model, phone, sentBefore } = call;
    falls(model, 'c1');
    model.answer('r2', 'i2', speech(60), 'Too early.');
    sounds(model, 'c2');
    sound(model, 'c2', 'Stop');
    model.answer('r3', 'i3', speech(60), 'Yes?');
    await bridge.hear(call, 1);
    model.transcribe('c1', '');
    await eventually(() => expect(utterances().slice(1)).toEqual(['one two three', 'Stop', 'Yes?']));
    expect(phone.audio.subarray(sentBefore)).toHaveLength(PIECE_BYTES);
  });

  it.each([
    ['en-CA', 'Is it your sink that leaks?', 'Yes.'],
    ['fr-CA', 'Est-ce que c’est bien ça?', 'Oui.'],
    ['es-MX', '¿Es correcto así?', 'Sí.'],
    ['tl-PH', 'Tama po ba iyon?', 'Opo.'],
  ])('(%s) by answering "%s" with "%s" is answered', async (language, question, words) => {
    bridge.assistants.know({ ...PROFILE, languages: [language] });
    const call = await hushed(question, { lengthMs: 420 });
    sound(call.model, 'c1', words);
    call.model.answer('r2', 'i2', speech(60), 'Good.');
    await bridge.hear(call, 1);
    await eventually(() => expect(utterances().slice(2)).toEqual([words, 'Good.']));
  });

  it('and hangs up before it is known has heard no more than he had', async () => {
    const call = await hushed();
    call.phone.hangUp();
    await eventually(() => expect(call.model.ofType('input_audio_buffer.commit')).toHaveLength(1));
    call.model.transcribe('c1', 'Never mind');
    const { timings } = await bridge.report(call.callId);
    expect(timings).toMatchObject({ falseInterruptions: 0, bargeIns: 0 });
    expect(utterances().slice(1)).toEqual(['one two three', 'Never mind']);
    expect(call.phone.audio).toHaveLength(call.sentBefore);
  });
});

describe('what was agreed', () => {
  const known = async (): Promise<Call> => {
    const call = await onTheLine();
    const { model } = call;
    model.callerSpeaks('c0');
    model.callerPauses('c0');
    model.transcribe('c0', 'It is 613 555 0142');
    model.callTools('r0', [
      toolCall('f0', 'capture_field', { name: 'callback_number', value: '613 555 0142', read_back: false }),
    ]);
    await eventually(() => expect(model.ofType('response.create')).toHaveLength(2));
    return call;
  };

  it('is said to its end when the caller speaks over it, and he is answered afterwards', async () => {
    const call = await known();
    const text = 'I have your number as 613-555-0142.';
    const { model, phone, audio } = await spokenOver(text, { call });
    falls(model, 'c1', REAL_AFTER_MS + 100);
    model.transcribe('c1', 'And when will you come?');
    model.answer('r2', 'i2', speech(60), 'Tomorrow.');
    await bridge.hear(call, 13);
    await eventually(() =>
      expect(utterances().slice(2)).toEqual([text, 'And when will you come?', 'Tomorrow.']),
    );
    expect(phone.clears).toBe(0);
    expect(phone.audio.subarray(PIECE_BYTES)).toEqual(Buffer.concat([audio, speech(60)]));
    expect(model.ofType('conversation.item.truncate')).toEqual([]);
  });

  it('is said to its end over a cough, which is not answered', async () => {
    const call = await known();
    const text = 'I have your number as 613-555-0142.';
    const { model, phone } = await spokenOver(text, { call });
    sound(model, 'c1', '');
    model.answer('r2', 'i2', speech(60), 'Sorry?');
    await bridge.hear(call, 12);
    await bridge.afterModel(call);
    expect(utterances().slice(2)).toEqual([text]);
    expect(phone.waitingMarks).toBe(0);
    phone.hangUp();
    expect((await bridge.report(call.callId)).timings.falseInterruptions).toBe(0);
  });

  it.each([
    ['is read back as a question', 'I have 613-555-0142, is that right?', 1_020],
    ['has much left to be said', 'I have your number as 613-555-0142.', 3_600],
  ])('can be interrupted while it %s', async (_, text, lengthMs) => {
    const { phone } = await spokenOver(text, { call: await known(), lengthMs });
    await eventually(() => expect(phone.clears).toBe(1));
  });
});

describe('the figures of a call', () => {
  it('tell for how long both were heard, and for how often the model failed, over all its streams', async () => {
    const call = await onTheLine();
    const { model, phone } = call;
    model.answer('r1', 'i1', speech(1_020), WORDS);
    await bridge.hear(call, 2);
    await eventually(() => expect(phone.waitingMarks).toBe(5));
    sounds(model, 'c1');
    // He is known to speak 40 ms after his first sound.
    bridge.clock.advance(40);
    await bridge.afterModel(call);
    await eventually(() => expect(phone.clears).toBe(1));
    sound(model, 'c1', 'Mm-hm');
    await resumed({ phone, sentBefore: 7 * PIECE_BYTES });
    await bridge.hear(call, 15);
    await eventually(() => expect(utterances().at(-1)).toBe('Mm-hm'));
    expect(bridge.snapshots.kept.get('cv_1')?.figures).toMatchObject({
      falseInterruptions: 1,
      overlapMs: 40,
      modelErrors: 1,
    });
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { REAL_AFTER_MS } from '../src/domain/interruption.js';
import {
  BridgeUnderTest,
  eventually,
  type HeldPlace,
  PROFILE,
  speech,
  type TestPhone,
} from './bridge-under-test.js';

let bridge: BridgeUnderTest;

beforeEach(async () => {
  bridge = await BridgeUnderTest.start();
});

afterEach(() => bridge.stop());

describe("the caller's audio", () => {
  it('reaches the model byte for byte and in order, also what came before the model was ready', async () => {
    bridge.model.answersUpdate = false;
    const place = await bridge.place();
    const phone = await bridge.ring(place);
    phone.start(place.streamToken);
    const early = Array.from({ length: 150 }, (_, i) => phone.frame(i));
    expect(place.model.heardAudio).toEqual([]);
    place.model.becomeReady();
    await eventually(() => expect(place.model.heardAudio).toHaveLength(150));
    const later = Array.from({ length: 50 }, (_, i) => phone.frame(200 + i));
    await eventually(() => expect(place.model.heardAudio).toHaveLength(200));
    expect(place.model.heardAudio).toEqual([...early, ...later]);
  });

  it('waits until the greeting has been asked for, which is asked for the moment the model is ready', async () => {
    bridge.model.answersUpdate = false;
    const place = await bridge.place();
    const phone = await bridge.ring(place);
    phone.start(place.streamToken);
    phone.frame(1);
    place.model.becomeReady();
    await eventually(() => expect(place.model.heardAudio).toHaveLength(1));
    expect(place.model.received.map(({ type }) => type)).toEqual([
      'session.update',
      'response.create',
      'input_audio_buffer.append',
    ]);
    expect(bridge.journal.startedCalls).toEqual([place.callId]);
  });
});

describe('the session', () => {
  it('is configured for telephone audio both ways, with turns detected there and interruptions decided here', async () => {
    const { model } = await bridge.place();
    expect(model.path).toBe('/v1/realtime?model=gpt-realtime-2.1');
    expect(model.headers['authorization']).toBe('Bearer sk-test');
    expect(model.headers['openai-beta']).toBeUndefined();
    expect(model.ofType('session.update')[0]?.['session']).toMatchObject({
      type: 'realtime',
      output_modalities: ['audio'],
      audio: {
        input: {
          format: { type: 'audio/pcmu' },
          transcription: { model: 'gpt-live-transcribe', languages: ['en', 'fr'] },
          turn_detection: {
            type: 'server_vad',
            silence_duration_ms: 450,
            prefix_padding_ms: 300,
            create_response: true,
            interrupt_response: false,
          },
        },
        output: { format: { type: 'audio/pcmu' }, voice: 'marin' },
      },
      tools: [{ name: 'capture_field' }, { name: 'switch_language' }, { name: 'end_call' }],
    });
  });

  it("keeps a tenant's pace within bounds that leave the call usable", async () => {
    bridge.assistants.know({
      ...PROFILE,
      silenceDurationMs: 5,
      prefixPaddingMs: 9_999,
      model: 'gpt-realtime-2.1-mini',
    });
    const { model } = await bridge.place();
    expect(model.path).toMatch(/model=gpt-realtime-2.1-mini$/);
    expect(model.ofType('session.update')[0]).toMatchObject({
      session: {
        audio: { input: { turn_detection: { silence_duration_ms: 200, prefix_padding_ms: 1_000 } } },
      },
    });
  });
});

describe('our speech', () => {
  it('goes out untouched, no further ahead than the window', async () => {
    const call = await bridge.answered();
    const { phone, model, greetingOrder } = call;
    const audio = speech(1_000);
    model.answer('r1', 'i1', audio, 'Hello there.', [], greetingOrder);
    await eventually(() => expect(phone.waitingMarks).toBe(5));
    expect(phone.audio).toHaveLength(5 * 480);
    await bridge.hear(call, 17);
    await eventually(() => expect(phone.audio).toEqual(Buffer.from(audio)));
    expect(bridge.journal.utterances).toMatchObject([
      { seq: 1, text: 'Hello there.', speaker: 'assistant', interrupted: false },
    ]);
  });

  it('stops at once when the caller speaks, and is cancelled and cut at the model to what was heard when he goes on', async () => {
    const call = await bridge.greeted();
    const { phone, model } = call;
    model.begin('r1');
    model.speak('r1', 'i1', speech(1_000), 'one two three four five six seven eight nine ten');
    await bridge.hear(call, 5);
    await eventually(() => expect(phone.waitingMarks).toBeGreaterThan(3));
    bridge.clock.advance(30);
    model.callerSpeaks('c1');
    await eventually(() => expect(phone.clears).toBe(1));
    expect(model.ofType('response.cancel')).toEqual([]);
    bridge.clock.advance(REAL_AFTER_MS + 450);
    await eventually(() => expect(model.ofType('conversation.item.truncate')).toHaveLength(1));
    expect(phone.clears).toBe(1);
    expect(model.ofType('response.cancel')).toMatchObject([{ response_id: 'r1' }]);
    expect(model.ofType('conversation.item.truncate')).toMatchObject([
      { item_id: 'i1', content_index: 0, audio_end_ms: 330 },
    ]);
    expect(bridge.journal.utterances.at(-1)).toMatchObject({
      speaker: 'assistant',
      text: 'one two three',
      interrupted: true,
    });
  });

  it('is not taken for heard by marks that the clear gave back', async () => {
    const call = await bridge.greeted();
    const { phone, model } = call;
    model.answer('r1', 'i1', speech(1_000), 'a b one two three four five six seven');
    await bridge.hear(call, 1);
    await eventually(() => expect(phone.waitingMarks).toBeGreaterThan(3));
    model.callerSpeaks('c1');
    await eventually(() => expect(phone.clears).toBe(1));
    model.callerPauses('c1');
    model.answer('r2', 'i2', speech(60), 'Yes.');
    model.transcribe('c1', 'Wait');
    await bridge.hear(call, 1);
    await eventually(() =>
      expect(bridge.journal.utterances.map(({ text }) => text)).toEqual([
        'Hello, this is an AI.',
        'a',
        'Wait',
        'Yes.',
      ]),
    );
    expect(model.ofType('conversation.item.truncate')).toMatchObject([{ item_id: 'i1', audio_end_ms: 60 }]);
  });

  it('of a cancelled response does not go out when it comes late, and its tools are not obeyed', async () => {
    const call = await bridge.greeted();
    const { phone, model, callId } = call;
    model.begin('r1');
    model.callerSpeaks('c1');
    await eventually(() => expect(model.ofType('response.cancel')).toHaveLength(1));
    const before = phone.audio.length;
    model.speak('r1', 'late', speech(500), 'too late');
    model.end(
      'r1',
      [
        {
          type: 'function_call',
          status: 'completed',
          id: 'f',
          call_id: 'f',
          name: 'end_call',
          arguments: '{}',
        },
      ],
      'completed',
    );
    model.callerPauses('c1');
    model.answer('r2', 'i2', speech(60), 'Yes.');
    await bridge.hear(call, 1);
    await eventually(() => expect(phone.audio.length).toBe(before + 480));
    expect(model.ofType('conversation.item.create')).toEqual([]);
    expect(bridge.journal.reports.has(callId)).toBe(false);
  });

  it('in two items of one response is cut in each by itself', async () => {
    const call = await bridge.greeted();
    const { model, phone } = call;
    model.begin('r1');
    model.speak('r1', 'first', speech(120), 'First sentence.');
    model.completeItem('r1', 'first', 'First sentence.');
    model.speak('r1', 'second', speech(1_000), 'Second sentence here.');
    await bridge.hear(call, 3);
    model.callerSpeaks('c1');
    await eventually(() => expect(phone.clears).toBe(1));
    bridge.clock.advance(REAL_AFTER_MS + 450);
    await eventually(() => expect(model.ofType('conversation.item.truncate')).toHaveLength(1));
    expect(model.ofType('conversation.item.truncate')).toMatchObject([
      { item_id: 'second', audio_end_ms: 60 },
    ]);
    expect(bridge.journal.utterances.map(({ text }) => text)).toContain('First sentence.');
  });

  it('is never cut beyond what exists', async () => {
    const call = await bridge.greeted();
    const { phone, model } = call;
    model.begin('r1');
    model.speak('r1', 'i1', speech(100), 'short');
    await bridge.hear(call, 1);
    await eventually(() => expect(phone.waitingMarks).toBe(1));
    bridge.clock.advance(1_500);
    model.callerSpeaks('c1');
    await eventually(() =>
      expect(model.ofType('conversation.item.truncate')).toMatchObject([{ audio_end_ms: 100 }]),
    );
  });

  it('of the greeting goes on when the caller talks over it before hearing any of it', async () => {
    const call = await bridge.answered();
    const { phone, model, greetingOrder } = call;
    model.callerSpeaks('c1');
    model.answer('r1', 'i1', speech(120), 'Hello, this is an AI.', [], greetingOrder);
    await bridge.hear(call, 2);
    model.callerPauses('c1');
    model.transcribe('c1', 'Hello?');
    await eventually(() =>
      expect(bridge.journal.utterances.map(({ text }) => text)).toEqual(['Hello?', 'Hello, this is an AI.']),
    );
    expect(phone.clears).toBe(0);
    expect(model.ofType('response.cancel')).toEqual([]);
  });

  it.each<[string, (call: HeldPlace & { phone: TestPhone }) => void, string[]]>([
    ['hangs up', ({ phone }) => phone.hangUp(), []],
    [
      'speaks',
      ({ model }) => {
        model.callerSpeaks('c1');
        model.callerPauses('c1');
        model.transcribe('c1', 'Yes.');
      },
      ['Yes.'],
    ],
  ])(
    'that was over when the caller %s is remembered, though its last mark was still on its way',
    async (_, act, then) => {
      const call = await bridge.greeted();
      call.model.answer('r1', 'i1', speech(60), 'Is that all?');
      await eventually(() => expect(call.phone.waitingMarks).toBe(1));
      await bridge.afterModel(call);
      bridge.clock.advance(60);
      act(call);
      await eventually(() =>
        expect(bridge.journal.utterances.slice(1).map(({ text }) => text)).toEqual(['Is that all?', ...then]),
      );
    },
  );

  it('is taken for heard when the phone network owes its marks for too long', async () => {
    const call = await bridge.answered();
    const { phone, model, greetingOrder } = call;
    model.answer('r1', 'i1', speech(120), 'Hello.', [], greetingOrder);
    await eventually(() => expect(phone.waitingMarks).toBe(2));
    bridge.clock.advance(120 + 2_000);
    await eventually(() =>
      expect(bridge.journal.utterances).toMatchObject([{ text: 'Hello.', interrupted: false }]),
    );
  });
});

describe('the clocks of a call', () => {
  it('tell handshake, greeting, first byte and heard gap apart', async () => {
    bridge.model.answersUpdate = false;
    const place = await bridge.place();
    bridge.clock.advance(200);
    place.model.becomeReady();
    await place.session.opened;
    bridge.clock.advance(100);
    const phone = await bridge.ring(place);
    phone.start(place.streamToken);
    await eventually(() => expect(bridge.journal.startedCalls).toHaveLength(1));
    bridge.clock.advance(50);
    place.model.answer('g', 'ig', speech(60), 'Hello.', [], 'order_1');
    await bridge.hear({ ...place, phone }, 1);
    // 2000 ms have come in when the turn is declared over; 450 ms of them are the silence that proved it, and the 300 ms before
    // the first sound are padding.
    for (let i = 1; i < 100; i++) phone.frame(i);
    await eventually(() => expect(place.model.heardAudio).toHaveLength(100));
    place.model.callerSpeaks('c', 500);
    place.model.callerPauses('c', 2_000);
    place.model.transcribe('c', 'Hi');
    await eventually(() => expect(bridge.journal.utterances).toHaveLength(2));
    bridge.clock.advance(300);
    place.model.answer('a', 'ia', speech(60), 'Yes.');
    await bridge.hear({ ...place, phone }, 1);
    phone.hangUp();
    const { timings, talkTimeMs } = await bridge.report(place.callId);
    expect(timings).toMatchObject({ handshakeMs: 300, modelConnectMs: 200, greetingMs: 50 });
    expect(timings.turns).toEqual([{ turn: 1, firstByteMs: 300, heardGapMs: 750 }]);
    expect(talkTimeMs).toBe(750);
  });
});

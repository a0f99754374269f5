import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  BridgeUnderTest,
  eventually,
  type HeldPlace,
  PROFILE,
  speech,
  type TestPhone,
} from './bridge-under-test.js';
import type { ScriptedSession } from './scripted-model.js';

type Call = HeldPlace & { phone: TestPhone };

let bridge: BridgeUnderTest;

beforeEach(async () => {
  bridge = await BridgeUnderTest.start();
});

afterEach(() => bridge.stop());

/** We say something, and the caller hears it to its end. */
const weSay = async (call: Call, id: string, text: string): Promise<void> => {
  call.model.answer(`r_${id}`, `i_${id}`, speech(60), text);
  await bridge.hear(call, 1);
  await eventually(() => {
    if (!bridge.journal.utterances.some((utterance) => utterance.text === text)) throw new Error('not heard');
  });
};

const callerSays = async (call: Call, itemId: string, text: string): Promise<void> => {
  call.model.callerSpeaks(itemId);
  call.model.callerPauses(itemId);
  call.model.transcribe(itemId, text);
  await bridge.afterModel(call);
};

/** The changes of the end-of-turn silence that were asked for after the session was opened. */
const silences = (model: ScriptedSession): unknown[] =>
  model
    .ofType('session.update')
    .slice(1)
    .map(({ session }) => {
      const { audio } = session as { audio: { input: { turn_detection: { silence_duration_ms: number } } } };
      return audio.input.turn_detection.silence_duration_ms;
    });

describe('the silence that ends a turn', () => {
  it.each([
    ['en-CA', 'What is the best number to call you back?'],
    ['en-CA', 'What is your e-mail address?'],
    ['fr-CA', 'À quel numéro peut-on vous rappeler?'],
    ['es-MX', '¿Cuál es su correo electrónico?'],
    ['tl-PH', 'Ano po ang numero na puwede naming tawagan?'],
  ])('(%s) is longer for the turn after "%s", and as before after that', async (language, question) => {
    bridge.assistants.know({ ...PROFILE, languages: [language] });
    const call = await bridge.greeted();
    await weSay(call, 'ask', question);
    await eventually(() => expect(silences(call.model)).toEqual([1_200]));
    await callerSays(call, 'c1', '613 555 0142');
    await eventually(() => expect(silences(call.model)).toEqual([1_200, 450]));
  });

  it('is all that changes of the session: the prompt stays in its cache', async () => {
    const call = await bridge.greeted();
    await weSay(call, 'ask', 'What is your phone number?');
    await eventually(() => expect(call.model.ofType('session.update')).toHaveLength(2));
    expect(call.model.ofType('session.update')[1]?.['session']).toEqual({
      type: 'realtime',
      audio: {
        input: {
          turn_detection: {
            type: 'server_vad',
            silence_duration_ms: 1_200,
            prefix_padding_ms: 300,
            create_response: true,
            interrupt_response: false,
          },
        },
      },
    });
  });

  it('stays long until a number that comes in pieces is whole', async () => {
    const call = await bridge.greeted();
    await callerSays(call, 'c1', 'You can call me at 613');
    await eventually(() => expect(silences(call.model)).toEqual([1_200]));
    await callerSays(call, 'c2', '555');
    await callerSays(call, 'c3', '0142');
    await eventually(() => expect(silences(call.model)).toEqual([1_200, 450]));
  });

  it('stays long until an address that comes in pieces is whole', async () => {
    const call = await bridge.greeted();
    await callerSays(call, 'c1', 'It is marie@');
    await callerSays(call, 'c2', 'example dot com');
    await eventually(() => expect(silences(call.model)).toEqual([1_200, 450]));
  });

  it('is never shorter than the tenant wants it', async () => {
    bridge.assistants.know({ ...PROFILE, silenceDurationMs: 1_500 });
    const call = await bridge.greeted();
    await weSay(call, 'ask', 'What is your phone number?');
    await bridge.afterModel(call);
    expect(silences(call.model)).toEqual([]);
  });

  it('is not taken for speech: the heard gap and the talk time of a long turn are right', async () => {
    const call = await bridge.greeted();
    const { model, phone } = call;
    await weSay(call, 'ask', 'What is your phone number?');
    await eventually(() => expect(silences(model)).toEqual([1_200]));
    const before = model.heardAudio.length;
    for (let i = before; i < 150; i++) phone.frame(i);
    await eventually(() => expect(model.heardAudio).toHaveLength(150));
    // 3000 ms have come in; 1200 ms of them are the silence that proved the end, and 300 of the turn came before its sound.
    model.callerSpeaks('c1', 800);
    model.callerPauses('c1', 3_000);
    model.transcribe('c1', '613 555 0142');
    await eventually(() => expect(silences(model)).toEqual([1_200, 450]));
    bridge.clock.advance(300);
    await weSay(call, 'ok', 'Thank you.');
    phone.hangUp();
    const { timings, talkTimeMs } = await bridge.report(call.callId);
    expect(timings.turns).toEqual([{ turn: 1, firstByteMs: 300, heardGapMs: 1_500 }]);
    expect(talkTimeMs).toBe(700);
  });
});

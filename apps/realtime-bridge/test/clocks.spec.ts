import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ConversationReport } from '../src/domain/conversation-journal.js';
import { BridgeUnderTest } from './bridge-under-test.js';
import type { Move } from './listening-model.js';
import { ListenedTo, LockstepCall } from './lockstep-call.js';
import { toolCall } from './scripted-model.js';

// Calls of half a minute, frame by frame.
jest.setTimeout(60_000);

/** A frame: what the phone itself knows no better. */
const AGREED_MS = 20;
const SILENCE_DURATION_MS = 450;

const PRICES = 'A visit costs ninety five dollars, and that covers the first half hour and the way to you.';
const ANSWER = 'Yes, we do. Which day suits you?';
const NOTED = 'Thank you, Marie. We will call you back.';

let bridge: BridgeUnderTest;

beforeEach(async () => {
  bridge = await BridgeUnderTest.start();
});

afterEach(() => bridge.stop());

/** Ends the call; what the bridge reports of it, and what the phone's own recording says. */
const ended = async (call: LockstepCall): Promise<{ report: ConversationReport; phone: ListenedTo }> => {
  await call.hangUp();
  return { report: await bridge.report(call.place.callId), phone: new ListenedTo(call.wav) };
};

/** What the phone knows of the answer to its caller's turn of that number, from 0. */
const truthOf = async (
  call: LockstepCall,
  phone: ListenedTo,
  turn: number,
  answer: string,
): Promise<{ firstByteMs: number; heardGapMs: number }> => {
  const stoppedMs = phone.caller[turn]?.untilMs ?? NaN;
  const heard = await phone.heard(answer, stoppedMs);
  return {
    firstByteMs: (await call.cameInAtMs(answer)) - call.declaredAtMs(turn),
    heardGapMs: (heard?.fromMs ?? NaN) - stoppedMs,
  };
};

const expectAgreed = (measured: object | undefined, truth: Readonly<Record<string, number>>): void => {
  for (const [clock, ms] of Object.entries(truth)) {
    const value = Reflect.get(measured ?? {}, clock) as number | undefined;
    // The message of a failure names the clock.
    expect({
      clock,
      value,
      off: Math.abs((value ?? NaN) - ms) <= AGREED_MS ? 0 : (value ?? NaN) - ms,
    }).toEqual({ clock, value, off: 0 });
  }
};

describe("the bridge's clocks and the phone's own truth", () => {
  it('agree turn by turn: a plain answer, one that is spoken over, one after a tool', async () => {
    const moves: Move[] = [
      { say: ANSWER, afterMs: 330 },
      { say: PRICES, afterMs: 275 },
      { tools: [toolCall('f1', 'capture_field', { name: 'caller_name', value: 'Marie' })], afterMs: 140 },
      { say: NOTED, afterMs: 215 },
    ];
    const call = await LockstepCall.answer(bridge, moves);
    await call.assistantIsSilent();
    await call.say('Do you repair furnaces?');
    await call.assistantIsSilent();
    await call.say('And what does it cost?');
    await call.assistantBegins();
    await call.pass(1_300);
    await call.say('All right, my name is Marie.');
    await call.assistantIsSilent();
    const { report, phone } = await ended(call);
    expect(report.timings).toMatchObject({ bargeIns: 1 });
    expect(report.timings.turns.map(({ turn }) => turn)).toEqual([1, 2, 3]);
    for (const [turn, answer] of [ANSWER, PRICES, NOTED].entries())
      expectAgreed(report.timings.turns[turn], await truthOf(call, phone, turn, answer));
    expect(report.timings.turns[2]?.firstByteMs).toBe(140 + 215);
  });

  it('agree on the handshake and on the greeting', async () => {
    const call = await LockstepCall.answer(bridge, [], 85);
    await call.assistantIsSilent();
    const { report, phone } = await ended(call);
    const [greeting] = bridge.journal.utterances;
    expectAgreed(report.timings, {
      handshakeMs: 85,
      greetingMs: await call.cameInAtMs(greeting?.text ?? ''),
    });
    expect(Math.abs((phone.assistant[0]?.fromMs ?? NaN) - report.timings.greetingMs)).toBeLessThanOrEqual(
      AGREED_MS,
    );
  });

  it('agree when the caller says hello into the greeting, the rest of which is no answer', async () => {
    const call = await LockstepCall.answer(bridge, [{ say: ANSWER, afterMs: 300 }]);
    await call.pass(60);
    await call.say('Hello?');
    await call.assistantIsSilent();
    const { report, phone } = await ended(call);
    const truth = await truthOf(call, phone, 0, ANSWER);
    expect(truth.heardGapMs).toBeGreaterThan(1_500);
    expectAgreed(report.timings.turns[0], truth);
  });

  it('agree when the phone was muted behind the last word, and the silence came late', async () => {
    const call = await LockstepCall.answer(bridge, [{ say: ANSWER, afterMs: 300 }]);
    await call.assistantIsSilent();
    await call.say('Do you repair furnaces?');
    call.muted = true;
    await call.pass(1_700);
    call.muted = false;
    await call.assistantIsSilent();
    const { report, phone } = await ended(call);
    const { heardGapMs } = await truthOf(call, phone, 0, ANSWER);
    expect(heardGapMs).toBeGreaterThan(2_000);
    expectAgreed(report.timings.turns[0], { heardGapMs, firstByteMs: 300 });
  });

  it('tell of no answer that was heard when the caller went on before it was', async () => {
    const call = await LockstepCall.answer(bridge, [
      { say: ANSWER, afterMs: 300 },
      { say: NOTED, afterMs: 300 },
    ]);
    await call.assistantIsSilent();
    await call.say('Do you repair furnaces?');
    // The model notices after three frames that he speaks again: just when the answer has begun.
    await call.pass(SILENCE_DURATION_MS + 300 - 240 - 40);
    await call.say('I mean old ones.');
    await call.assistantIsSilent();
    const { report, phone } = await ended(call);
    expect(report.timings.turns[0]).toMatchObject({ turn: 1, heardGapMs: 0 });
    expectAgreed(report.timings.turns[1], await truthOf(call, phone, 1, NOTED));
  });

  it('agree on how long the caller spoke', async () => {
    const call = await LockstepCall.answer(bridge, [{ say: ANSWER, afterMs: 300 }]);
    await call.assistantIsSilent();
    await call.say('Do you repair furnaces?');
    await call.assistantIsSilent();
    await call.say('Thank you.');
    await call.pass(1_000);
    const { report, phone } = await ended(call);
    const spokenMs = phone.caller.reduce((sum, { fromMs, untilMs }) => sum + untilMs - fromMs, 0);
    expect(Math.abs(report.talkTimeMs - spokenMs)).toBeLessThanOrEqual(phone.caller.length * AGREED_MS);
  });
});

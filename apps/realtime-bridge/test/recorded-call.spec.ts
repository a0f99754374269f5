import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { answersIn, overlapMs, stopsWithinMs } from '@tradeline/testing';
import { BridgeUnderTest } from './bridge-under-test.js';
import { assistantsVoice, ListenedTo, LockstepCall } from './lockstep-call.js';
import { toolCall } from './scripted-model.js';

// Some forty seconds of a call, frame by frame.
jest.setTimeout(60_000);

const SILENCE_DURATION_MS = 450;
/** A frame that has begun is waited for on either side. */
const FRAMES_MS = 40;

const PRICES =
  'A visit costs ninety five dollars, and that covers the first half hour, the way to you and all the tools.';
const SHORTER = 'Of course. A visit is ninety five dollars.';
const NAME = 'My name is Marie Tremblay.';
const NOTED = 'Thank you, Marie. Which day suits you?';
const GOODBYE = 'We will see you tomorrow. Goodbye!';

let bridge: BridgeUnderTest;
let call: LockstepCall;
let recording: ListenedTo;

beforeAll(async () => {
  bridge = await BridgeUnderTest.start();
  call = await LockstepCall.answer(bridge, [
    { say: PRICES, afterMs: 310 },
    { say: SHORTER, afterMs: 240 },
    {
      tools: [toolCall('f1', 'capture_field', { name: 'caller_name', value: 'Marie Tremblay' })],
      afterMs: 150,
    },
    { say: NOTED, afterMs: 260 },
    { say: GOODBYE, afterMs: 420 },
  ]);
  await call.assistantIsSilent();
  await call.say('How much is a visit?');
  await call.assistantBegins();
  await call.pass(1_800);
  await call.say('Wait, sorry, shorter please.');
  await call.assistantIsSilent();
  await call.say(NAME);
  await call.assistantIsSilent(1_000);
  await call.say('Tomorrow morning.');
  await call.assistantIsSilent(1_000);
  await call.hangUp();
  await bridge.report(call.place.callId);
  recording = new ListenedTo(call.wav);
});

afterAll(() => bridge.stop());

describe('what a caller heard, by the recording alone', () => {
  it('is an answer to each turn, as soon as the silence that ends it is over and the model speaks', () => {
    const gaps = answersIn(recording.caller, recording.assistant).map(({ gapMs }) => gapMs);
    const modelMs = [310, 240, 150 + 260, 420];
    expect(gaps).toHaveLength(modelMs.length);
    for (const [turn, ms] of modelMs.entries()) {
      expect(gaps[turn]).toBeGreaterThanOrEqual(SILENCE_DURATION_MS + ms - FRAMES_MS / 2);
      expect(gaps[turn]).toBeLessThanOrEqual(SILENCE_DURATION_MS + ms + FRAMES_MS);
    }
  });

  it('falls silent within 200 ms when he speaks over it, and does not talk over him otherwise', () => {
    const interruptionMs = recording.caller[1]?.fromMs ?? 0;
    const stoppedMs = stopsWithinMs(recording.assistant, interruptionMs);
    expect(stoppedMs).toBeGreaterThan(0);
    expect(stoppedMs).toBeLessThanOrEqual(200);
    expect(overlapMs(recording.caller, recording.assistant)).toBe(stoppedMs);
  });

  it('is every sentence that the transcript says he heard, whole and without a pause that it did not have', async () => {
    const heard = bridge.journal.utterances.filter(
      ({ speaker, interrupted }) => speaker === 'assistant' && !interrupted,
    );
    expect(heard.map(({ text }) => text)).toEqual(expect.arrayContaining([SHORTER, NOTED, GOODBYE]));
    let fromMs = 0;
    for (const { text } of heard) {
      const found = await recording.heard(text, fromMs);
      expect({ text, ...found }).toMatchObject({ text, isWhole: true, missingMs: 0 });
      expect(found?.longestAddedGapMs).toBeLessThanOrEqual(40);
      fromMs = found?.untilMs ?? fromMs;
    }
  });

  it('is no more of an interrupted sentence than the transcript says', async () => {
    const [cut] = bridge.journal.utterances.filter(({ interrupted }) => interrupted);
    expect(PRICES.startsWith(cut?.text ?? '-')).toBe(true);
    const found = await recording.heard(PRICES);
    expect(found).toMatchObject({ isWhole: false, missingMs: 0 });
    expect(found?.longestAddedGapMs).toBeLessThanOrEqual(40);
    // Half a word more or less: the transcript has whole ones.
    const heardShare =
      ((found?.untilMs ?? 0) - (found?.fromMs ?? 0)) / ((await assistantsVoice(PRICES)).length / 8);
    expect(Math.abs((cut?.text.length ?? 0) / PRICES.length - heardShare)).toBeLessThan(0.08);
  });

  it('stands at the times at which the transcript has it', async () => {
    for (const { text, speaker, startedAtMs, interrupted } of bridge.journal.utterances) {
      if (speaker !== 'assistant' || interrupted) continue;
      const found = await recording.heard(text);
      expect(Math.abs((found?.fromMs ?? 0) - startedAtMs)).toBeLessThanOrEqual(60);
    }
    const turns = bridge.journal.utterances.filter(({ speaker }) => speaker === 'caller');
    for (const [turn, { startedAtMs, endedAtMs }] of turns.entries()) {
      expect(Math.abs(startedAtMs - (recording.caller[turn]?.fromMs ?? 0))).toBeLessThanOrEqual(FRAMES_MS);
      expect(Math.abs(endedAtMs - (recording.caller[turn]?.untilMs ?? 0))).toBeLessThanOrEqual(FRAMES_MS);
    }
  });

  it('took as many messages each way as the bridge has counted', async () => {
    const { timings } = await bridge.report(call.place.callId);
    expect({ toBridge: timings.messagesIn, fromBridge: timings.messagesOut }).toEqual(call.messages);
  });
});

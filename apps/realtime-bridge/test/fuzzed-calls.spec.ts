import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BridgeUnderTest, eventually, type HeldPlace, speech, type TestPhone } from './bridge-under-test.js';
import { mutated } from './mutations.js';
import { entriesWithin } from './playback-world.js';
import { modelMessage, phoneMessage } from './real-messages.js';
import { SeededNumbers } from './seeded-numbers.js';

jest.setTimeout(20_000);

const BATCHES = 10;
const CALLS_A_BATCH = 6;
const PHONE_MESSAGES_A_CALL = 40;
const MODEL_MESSAGES_A_CALL = 60;

type Call = HeldPlace & { phone: TestPhone };

let bridge: BridgeUnderTest;
const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);

beforeEach(async () => {
  process.on('unhandledRejection', note);
  bridge = await BridgeUnderTest.start({ capacity: CALLS_A_BATCH + 1 });
});

afterEach(async () => {
  await bridge.stop();
  process.off('unhandledRejection', note);
});

/** Phone and model of one call say whatever comes to their minds, whole and broken, until one of them is thrown out. */
const rave = async (numbers: SeededNumbers): Promise<string> => {
  const call = await bridge.answered();
  for (let i = 0; i < MODEL_MESSAGES_A_CALL; i += 1) {
    const message = modelMessage(numbers);
    call.model.sayRaw(numbers.once(2) ? mutated(message, numbers) : message);
  }
  // The model is heard out, unless the call has had enough of it.
  await Promise.race([bridge.afterModel(call), call.phone.stream.closed]);
  for (let i = 0; i < PHONE_MESSAGES_A_CALL; i += 1) {
    if (numbers.once(10)) call.phone.stream.send(mutated(phoneMessage(numbers), numbers));
    else if (numbers.once(3))
      call.phone.stream.send(call.phone.stream.writer.mark(`g1.${numbers.below(20)}`));
    else call.phone.frame(i);
  }
  call.phone.hangUp();
  return call.callId;
};

/** The neighbour is heard, and hears. */
const converse = async (neighbour: Call, turn: number): Promise<void> => {
  const sent = neighbour.phone.frame(turn);
  await eventually(() => expect(neighbour.model.heardAudio.at(-1)).toBe(sent));
  const before = neighbour.phone.audio.length;
  neighbour.model.answer(`r${turn}`, `i${turn}`, speech(60), `Answer ${turn}.`);
  await bridge.hear(neighbour, 1);
  expect(neighbour.phone.audio.subarray(before)).toEqual(Buffer.from(speech(60)));
};

describe('phones and models that say anything', () => {
  it('end their own calls with a verdict, are never a mistake of ours, and leave nothing behind', async () => {
    const numbers = new SeededNumbers(2_026);
    const neighbour = await bridge.greeted();
    const timers = entriesWithin(bridge.clock);
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const callIds: string[] = [];
      for (let i = 0; i < CALLS_A_BATCH; i += 1) callIds.push(await rave(numbers));
      for (const callId of callIds)
        await eventually(() => {
          // A call that has lost its caller waits two seconds for the last words.
          bridge.clock.advance(500);
          expect(bridge.journal.reports.get(callId)?.verdict).toBeDefined();
        });
      await converse(neighbour, batch);
    }
    const verdicts = [...bridge.journal.reports.values()].map(({ verdict }) => verdict);
    expect(verdicts).toHaveLength(BATCHES * CALLS_A_BATCH);
    expect(verdicts.filter(({ result }) => result === 'server_error')).toEqual([]);
    // More than one way to end has been tried.
    expect(new Set(verdicts.map(({ reason }) => reason)).size).toBeGreaterThan(3);
    expect(unhandled).toEqual([]);

    for (let turn = BATCHES; turn < BATCHES + 3; turn += 1) {
      bridge.clock.advance(5_000);
      await converse(neighbour, turn);
    }
    expect(bridge.calls.count).toBe(1);
    expect(bridge.reservations.occupied).toBe(1);
    await eventually(() => expect(bridge.model.sessions.filter(({ isClosed }) => !isClosed)).toHaveLength(1));
    expect(entriesWithin(bridge.clock)).toBeLessThanOrEqual(timers + 1);
    expect(bridge.snapshots.kept.size).toBe(1);
    expect(bridge.journal.reports.has(neighbour.callId)).toBe(false);
  });
});

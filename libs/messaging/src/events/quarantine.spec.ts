import { describe, expect, it } from '@jest/globals';
import type { JsMsg } from '@nats-io/jetstream';
import { Quarantine } from './quarantine.js';

const delivery = (streamSequence: number, deliveryCount: number): JsMsg =>
  ({ info: { consumer: 'c', streamSequence, deliveryCount } }) as unknown as JsMsg;

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Work that runs until the test ends it. */
const work = () => {
  let end: () => void = () => undefined;
  const state = { started: false, end: () => end() };
  return {
    state,
    run: () => {
      state.started = true;
      return new Promise<void>((resolve) => (end = resolve));
    },
  };
};

describe('quarantine', () => {
  it('lets ordinary deliveries run side by side', async () => {
    const quarantine = new Quarantine();
    const [a, b] = [work(), work()];
    void quarantine.run(delivery(1, 1), a.run);
    void quarantine.run(delivery(2, 2), b.run);
    await settle();
    expect([a.state.started, b.state.started]).toEqual([true, true]);
  });

  it('runs a delivery that came again unexplained while nothing else is in hand', async () => {
    const quarantine = new Quarantine();
    const [before, suspect, after] = [work(), work(), work()];
    void quarantine.run(delivery(1, 1), before.run);
    void quarantine.run(delivery(2, 3), suspect.run);
    void quarantine.run(delivery(3, 1), after.run);
    await settle();
    expect(suspect.state.started).toBe(false);
    before.state.end();
    await settle();
    expect([suspect.state.started, after.state.started]).toEqual([true, false]);
    suspect.state.end();
    await settle();
    expect(after.state.started).toBe(true);
  });

  it('does not suspect what its own handler has sent back', async () => {
    const quarantine = new Quarantine();
    const [before, again] = [work(), work()];
    void quarantine.run(delivery(1, 1), before.run);
    quarantine.sentBack(delivery(2, 4));
    void quarantine.run(delivery(2, 5), again.run);
    await settle();
    expect(again.state.started).toBe(true);
  });
});

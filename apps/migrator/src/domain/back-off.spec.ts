import { describe, expect, it } from '@jest/globals';
import { tryUntil } from './back-off.js';
import type { Clock } from './back-off.js';

const BACK_OFF = { firstMs: 100, longestMs: 1_000, withinMs: 10_000 };

class RecordingClock implements Clock {
  readonly pauses: number[] = [];
  private timeMs = 0;
  constructor(private readonly luck: number) {}
  nowMs = () => this.timeMs;
  random = () => this.luck;
  pause(ms: number): Promise<void> {
    this.pauses.push(ms);
    this.timeMs += ms;
    return Promise.resolve();
  }
}

const failing = (times: number) => () =>
  times-- > 0 ? Promise.reject(new Error('starting up')) : Promise.resolve('up');

describe('waiting for a server', () => {
  it('pauses twice as long each time, up to the longest', async () => {
    const clock = new RecordingClock(1);
    expect(await tryUntil(failing(5), () => false, BACK_OFF, clock)).toBe('up');
    expect(clock.pauses).toEqual([100, 200, 400, 800, 1_000]);
  });

  it('spreads the pauses, but never to less than half', async () => {
    const clock = new RecordingClock(0);
    await tryUntil(failing(3), () => false, BACK_OFF, clock);
    expect(clock.pauses).toEqual([50, 100, 200]);
  });

  it('does not try again what no further try can change', async () => {
    const clock = new RecordingClock(1);
    await expect(tryUntil(failing(1), () => true, BACK_OFF, clock)).rejects.toThrow('starting up');
    expect(clock.pauses).toEqual([]);
  });

  it('gives up when the time is over', async () => {
    const clock = new RecordingClock(1);
    await expect(tryUntil(failing(1_000), () => false, BACK_OFF, clock)).rejects.toThrow('starting up');
    expect(clock.nowMs()).toBeLessThan(BACK_OFF.withinMs + BACK_OFF.longestMs);
  });
});

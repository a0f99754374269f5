import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@tradeline/testing';
import { Reservations } from '../../domain/reservations.js';
import { MAX_LAG_MS, OVERLOAD_LASTS_MS, WorkLoad } from '../../domain/work-load.js';
import type { CallsInHand } from './calls-in-hand.js';
import { LoadWatch } from './load-watch.js';

describe('a process whose event loop lags', () => {
  it('counts it at each call in hand, and takes no more calls while it lasts', () => {
    const clock = new FakeClock();
    const load = new WorkLoad({ maxUse: 0.75, busyUse: 1 });
    const reservations = new Reservations(clock, 10, () => undefined, load);
    let lags = 0;
    const calls = { count: 2, lagged: () => (lags += 1) } as unknown as CallsInHand;
    const watch = new LoadWatch(clock, load, reservations, calls);
    watch.measured({ use: 0.1, lagMs: MAX_LAG_MS });
    expect([lags, reservations.hasRoom]).toEqual([0, true]);
    for (let ms = 0; ms <= OVERLOAD_LASTS_MS; ms += 500) {
      expect(reservations.hasRoom).toBe(true);
      clock.advance(500);
      watch.measured({ use: 0.1, lagMs: MAX_LAG_MS + 1 });
    }
    expect([lags, reservations.hasRoom]).toEqual([5, false]);
    watch.measured({ use: 0.1, lagMs: 0 });
    expect(reservations.hasRoom).toBe(true);
  });
});

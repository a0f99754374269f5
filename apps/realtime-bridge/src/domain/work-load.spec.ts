import { describe, expect, it } from '@jest/globals';
import { MAX_LAG_MS, MEASURED_AFTER_MS, OVERLOAD_LASTS_MS, WorkLoad } from './work-load.js';

const EVERY_MS = 500;

/** Measures the same again and again; returns when the last measurement was. */
const lasting = (
  load: WorkLoad,
  measurement: { use: number; lagMs?: number },
  { fromMs = 0, forMs = 10_000, calls = 0 } = {},
): number => {
  for (let atMs = fromMs; atMs <= fromMs + forMs; atMs += EVERY_MS)
    load.measured({ lagMs: 0, ...measurement }, calls, atMs);
  return fromMs + forMs;
};

describe('a process that takes calls by the use of its event loop', () => {
  it.each<[string, { use: number; lagMs?: number }, boolean]>([
    ['idle', { use: 0.02 }, true],
    ['well used', { use: 0.7 }, true],
    ['at the bound', { use: 0.75 }, false],
    ['over the bound', { use: 0.8 }, false],
    ['late though little used', { use: 0.2, lagMs: MAX_LAG_MS + 1 }, false],
    ['as late as it may be', { use: 0.2, lagMs: MAX_LAG_MS }, true],
  ])('that is %s', (_, measurement, hasRoom) => {
    const load = new WorkLoad({ maxUse: 0.75, busyUse: 1 });
    const nowMs = lasting(load, measurement);
    expect(load.hasRoom(nowMs)).toBe(hasRoom);
  });

  it('is not full because of one late moment', () => {
    const load = new WorkLoad({ maxUse: 0.75, busyUse: 1 });
    load.measured({ use: 0.2, lagMs: 900 }, 0, 0);
    expect(load.hasRoom(0)).toBe(true);
    load.measured({ use: 0.2, lagMs: 0 }, 0, EVERY_MS);
    load.measured({ use: 0.2, lagMs: 900 }, 0, OVERLOAD_LASTS_MS);
    expect(load.hasRoom(OVERLOAD_LASTS_MS)).toBe(true);
  });

  it('that was overloaded takes calls again well below the bound, and not before', () => {
    const load = new WorkLoad({ maxUse: 0.75, busyUse: 1 });
    let nowMs = lasting(load, { use: 0.9 });
    nowMs = lasting(load, { use: 0.7 }, { fromMs: nowMs });
    expect(load.hasRoom(nowMs)).toBe(false);
    nowMs = lasting(load, { use: 0.64 }, { fromMs: nowMs });
    expect(load.hasRoom(nowMs)).toBe(true);
    nowMs = lasting(load, { use: 0.7 }, { fromMs: nowMs });
    expect(load.hasRoom(nowMs)).toBe(true);
  });

  it('is not overloaded by a peak that passes', () => {
    const load = new WorkLoad({ maxUse: 0.75, busyUse: 1 });
    const peakMs = lasting(load, { use: 1 }, { forMs: OVERLOAD_LASTS_MS - EVERY_MS });
    expect(load.hasRoom(peakMs)).toBe(true);
    const nowMs = lasting(load, { use: 0.7 }, { fromMs: OVERLOAD_LASTS_MS });
    expect(load.hasRoom(nowMs)).toBe(true);
  });

  it('follows a rising load until it is full', () => {
    const load = new WorkLoad({ maxUse: 0.75, busyUse: 1 });
    let full = 0;
    for (let calls = 0; full === 0 && calls < 1_000; calls += 10) {
      const nowMs = lasting(load, { use: calls * 0.002 }, { fromMs: calls * 1_000, calls });
      if (!load.hasRoom(nowMs)) full = calls;
    }
    expect(full).toBe(380);
  });

  it('gives a burst of calls between two measurements no more than fits', () => {
    const load = new WorkLoad({ maxUse: 0.75, busyUse: 1 });
    const nowMs = lasting(load, { use: 0.4 }, { calls: 100 });
    let given = 0;
    for (; load.hasRoom(nowMs) && given < 1_000; given++) load.placed(nowMs);
    expect(given).toBe(87);
    expect(load.expectedUse).toBeLessThanOrEqual(0.75);
  });

  it('counts a place by estimate until it shows in what is measured', () => {
    const load = new WorkLoad({ maxUse: 0.75, busyUse: 1 });
    lasting(load, { use: 0.4 }, { calls: 100 });
    for (let i = 0; i < 50; i++) load.placed(10_000);
    expect(load.expectedUse).toBeCloseTo(0.6);
    load.measured({ use: 0.41, lagMs: 0 }, 150, 10_500);
    expect(load.expectedUse).toBeCloseTo(0.6);
    lasting(load, { use: 0.6 }, { fromMs: 10_000 + MEASURED_AFTER_MS, calls: 150 });
    expect(load.expectedUse).toBeCloseTo(0.6);
  });

  it('has room however used it is when the bound is 1', () => {
    const load = new WorkLoad({ maxUse: 1, busyUse: 1 });
    expect(load.hasRoom(lasting(load, { use: 1, lagMs: 1_000 }))).toBe(true);
  });

  it('saves messages above its bound until the use is well below it, since saving lowers the use', () => {
    const load = new WorkLoad({ maxUse: 1, busyUse: 0.5 });
    const busyAt = (use: number): boolean => {
      for (let half = 0; half < 20; half += 1) load.measured({ use, lagMs: 0 }, 0, half * 500);
      return load.isBusy;
    };
    expect([0.49, 0.52, 0.35, 0.29, 0.49].map(busyAt)).toEqual([false, true, true, false, false]);
  });

  it('saves messages always or never when it is told so', () => {
    const measured = (busyUse: number, use: number): boolean => {
      const load = new WorkLoad({ maxUse: 1, busyUse });
      load.measured({ use, lagMs: 0 }, 0, 0);
      return load.isBusy;
    };
    expect(new WorkLoad({ maxUse: 1, busyUse: 0 }).isBusy).toBe(true);
    expect([measured(0, 0), measured(1, 1)]).toEqual([true, false]);
  });
});

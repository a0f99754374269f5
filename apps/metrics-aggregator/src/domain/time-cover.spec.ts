import { describe, expect, it } from '@jest/globals';
import { cover, DAY_MS, HOUR_MS, type Span } from './time-cover.js';

const at = (time: string): number => Date.parse(`${time}Z`);
const lengthOf = ({ from, until }: Span): number => until - from;

describe('the cover of a span', () => {
  it('takes whole days, the whole hours around them, and leaves the edges', () => {
    const { whole, hoursBefore, days, hoursAfter } = cover({
      from: at('2026-11-15T12:34:56.789'),
      until: at('2026-11-22T12:34:56.790'),
    });
    expect(whole).toEqual({ from: at('2026-11-15T13:00:00'), until: at('2026-11-22T12:00:00') });
    expect(days).toEqual({ from: at('2026-11-16T00:00:00'), until: at('2026-11-22T00:00:00') });
    expect(hoursBefore).toEqual({ from: whole.from, until: days.from });
    expect(hoursAfter).toEqual({ from: days.until, until: whole.until });
  });

  it.each([
    ['a millisecond early', -1, 24 * HOUR_MS],
    ['on the hour', 0, 24 * HOUR_MS],
    ['a millisecond late', 1, 23 * HOUR_MS],
  ])('that begins %s takes the hours that are whole', (_, shiftMs, wholeMs) => {
    const from = at('2026-11-21T10:00:00') + shiftMs;
    expect(lengthOf(cover({ from, until: at('2026-11-22T10:00:00') }).whole)).toBe(wholeMs);
  });

  it('within one hour is edge alone', () => {
    const until = at('2026-11-22T10:59:59');
    const { whole, hoursBefore, days, hoursAfter } = cover({ from: at('2026-11-22T10:00:00.001'), until });
    for (const part of [whole, hoursBefore, days, hoursAfter]) expect(lengthOf(part)).toBe(0);
    expect(whole.from).toBe(until);
  });

  it('counts every millisecond once, wherever it begins', () => {
    const begin = at('2026-11-14T22:00:00');
    for (let from = begin; from < begin + 2 * DAY_MS; from += 1_234_567) {
      for (const length of [HOUR_MS, DAY_MS, 7 * DAY_MS]) {
        const { whole, hoursBefore, days, hoursAfter } = cover({ from, until: from + length });
        const inner = [hoursBefore, days, hoursAfter].reduce((sum, part) => sum + lengthOf(part), 0);
        expect(inner).toBe(lengthOf(whole));
        if (inner === 0) continue;
        expect(whole.from - from).toBeLessThan(HOUR_MS);
        expect(from + length - whole.until).toBeLessThan(HOUR_MS);
        expect([hoursBefore.until, days.until]).toEqual([days.from, hoursAfter.from]);
      }
    }
  });
});

import { describe, expect, it } from '@jest/globals';
import { trendOf } from './trend.js';

const hour = (p95: number, count = 20) => ({ p95, count });

describe('the trend', () => {
  it.each([
    ['as before', 300, 300, 1, 'ok'],
    ['half as much again', 200, 300, 1.5, 'ok'],
    ['more than half as much again', 200, 301, 1.505, 'warn'],
    ['more than twice as slow, but still quick', 60, 250, 4.17, 'ok'],
    ['quicker than before', 480, 300, 0.625, 'ok'],
  ])('of a first byte %s: %d ms to %d ms', (_, before, now, factor, level) => {
    const trend = trendOf('first_byte_trend', hour(before), hour(now));
    expect(trend.factor).toBeCloseTo(factor, 2);
    expect(trend).toMatchObject({ level, finding: { level } });
  });

  it('warns of a handshake that no threshold finds slow yet', () => {
    expect(trendOf('handshake_trend', hour(500), hour(900)).level).toBe('warn');
  });

  it.each([
    ['few before', 200, 19, 400, 500],
    ['few now', 200, 500, 400, 19],
    ['none before', 0, 0, 400, 500],
  ])('is not told of %s', (_, before, beforeCount, now, nowCount) => {
    const trend = trendOf('first_byte_trend', hour(before, beforeCount), hour(now, nowCount));
    expect(trend).toMatchObject({ factor: 0, level: 'no_data', finding: { count: 0 } });
  });
});

import { describe, expect, it } from '@jest/globals';
import { levelOf, median, worst } from './voice-health.js';

const p95Of = (p95: number, count = 1) => ({ p50: 0, p95, p99: 0, count });

describe('the level of a percentile', () => {
  it.each([
    [0, 'ok'],
    [400, 'ok'],
    [400.01, 'warn'],
    [500, 'warn'],
    [500.01, 'critical'],
  ])('of %d ms against 500 ms is %s', (p95, level) => {
    expect(levelOf(p95Of(p95), 500)).toBe(level);
  });

  it('is no judgement when nothing was measured', () => {
    expect(levelOf(p95Of(9_999, 0), 500)).toBe('no_data');
  });

  it('counts as the worst of several, and no data as none of them', () => {
    expect(worst('ok', 'critical', 'warn')).toBe('critical');
    expect(worst('no_data', 'ok')).toBe('ok');
    expect(worst('no_data', 'no_data')).toBe('no_data');
  });
});

describe('the median', () => {
  it.each([
    [[], undefined],
    [[7], 7],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %p', (values, middle) => {
    expect(median(values)).toBe(middle);
  });
});

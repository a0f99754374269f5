import { describe, expect, it } from '@jest/globals';
import { Delays } from './delays.ts';

const of = (delaysUs: readonly number[]): Delays => {
  const delays = new Delays();
  for (const delay of delaysUs) delays.add(delay);
  return delays;
};

describe('a histogram of delays', () => {
  it('gives percentiles in milliseconds, right to a hundredth', () => {
    const delays = of(Array.from({ length: 1_000 }, (_, index) => index * 10));
    expect(delays.percentile(0.5)).toBeCloseTo(5, 2);
    expect(delays.percentile(0.99)).toBeCloseTo(9.9, 2);
    expect(delays.percentile(1)).toBeCloseTo(10, 2);
  });

  it('has no percentile of nothing', () => expect(new Delays().percentile(0.5)).toBeUndefined());

  it('crosses a process boundary without loss', () => {
    const delays = of([0, 15, 15, 70_000, 5e6, -3]);
    const copy = Delays.from(JSON.parse(JSON.stringify(delays.toCounts())));
    expect(copy.count).toBe(6);
    for (const share of [0.1, 0.5, 0.99, 1]) expect(copy.percentile(share)).toBe(delays.percentile(share));
  });

  it('keeps what is later than its end at its end', () =>
    expect(of([9e9]).percentile(0.5)).toBeCloseTo(2_000, 0));
});

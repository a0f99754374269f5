import { describe, expect, it } from '@jest/globals';
import { median, percentile, ratio, summarise } from './statistics.ts';

describe('the statistics of rounds', () => {
  it.each([
    [[], undefined],
    [[3], 3],
    [[9, 1, 5], 5],
    [[10, 2, 4, 8], 6],
  ])('has %j in its middle', (values, middle) => expect(median(values)).toBe(middle));

  it.each([
    [0.5, 50],
    [0.99, 99],
    [1, 100],
    [0.001, 1],
  ])('finds the %d of a hundred values', (share, value) => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(values, share)).toBe(value);
  });

  it('has no percentile of nothing', () => expect(percentile([], 0.99)).toBeUndefined());

  it('leaves out what a round could not measure', () =>
    expect(summarise([4, undefined, 1, 2])).toEqual({ median: 2, least: 1, most: 4 }));

  it('has nothing to say when no round could', () => expect(summarise([undefined])).toBeUndefined());

  it('compares medians, and nothing with nothing', () => {
    const of = (middle: number) => ({ median: middle, least: 0, most: 9 });
    expect(ratio(of(2), of(4))).toBe(0.5);
    expect(ratio(of(2), undefined)).toBeUndefined();
    expect(ratio(of(2), of(0))).toBeUndefined();
  });

  it('keeps its order of the values it was given', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { decodeSketch, encodeSketch, SketchSum } from './sketch-form.js';
import { emptySketch, Latencies, RELATIVE_ACCURACY } from '../domain/latencies.js';

const SAMPLES = 20_000;

/** The quantiles of a distribution at evenly spread shares, in a shuffled order, in whole milliseconds. */
const samplesOf = (quantile: (share: number) => number): number[] =>
  Array.from({ length: SAMPLES }, (_, n) => Math.round(quantile((((n * 7_919) % SAMPLES) + 0.5) / SAMPLES)));

const DISTRIBUTIONS: readonly [string, (share: number) => number][] = [
  ['uniform', (share) => 100 + 900 * share],
  ['exponential', (share) => 5 - 400 * Math.log(1 - share)],
  ['log-logistic', (share) => 300 * (share / (1 - share)) ** 0.3],
  ['bimodal', (share) => (share < 0.9 ? 200 + share : 2_000 + 100 * share)],
];

const parts = (values: readonly number[], count: number): number[][] =>
  Array.from({ length: count }, (_, part) => values.filter((__, n) => n % count === part));

const latenciesOf = (values: readonly number[]): Latencies => {
  const latencies = new Latencies();
  latencies.addValues(values);
  return latencies;
};

/** As it comes back from the database. */
const stored = (values: readonly number[]) => decodeSketch(encodeSketch(latenciesOf(values).sketch()));

describe('latencies', () => {
  it.each(DISTRIBUTIONS)(
    'of a %s distribution are exact as values and within one per cent as sketches',
    (_, quantile) => {
      const values = samplesOf(quantile);
      const exact = latenciesOf(values);
      const merged = new Latencies();
      for (const part of parts(values, 100)) merged.addSketch(stored(part));
      expect([exact.exact, merged.exact]).toEqual([true, false]);
      for (const [share, name] of [
        [0.5, 'p50'],
        [0.95, 'p95'],
        [0.99, 'p99'],
      ] as const) {
        const truth = quantile(share);
        expect(Math.abs(exact.percentiles()[name] - truth) / truth).toBeLessThan(0.004);
        expect(Math.abs(merged.percentiles()[name] - truth) / truth).toBeLessThan(0.01);
        const value = exact.percentiles()[name];
        expect(Math.abs(merged.percentiles()[name] - value)).toBeLessThanOrEqual(
          value * RELATIVE_ACCURACY + 1,
        );
      }
      expect(merged.count).toBe(SAMPLES);
    },
  );

  it.each(DISTRIBUTIONS)(
    'of a %s distribution are the same merged from parts, in any order, as whole',
    (_, quantile) => {
      const values = samplesOf(quantile);
      const whole = encodeSketch(latenciesOf(values).sketch());
      const some = parts(values, 24);
      for (const order of [some, [...some].reverse()]) {
        const merged = new Latencies();
        for (const part of order) merged.addSketch(stored(part));
        expect(encodeSketch(merged.sketch())).toEqual(whole);
      }
      const sum = new SketchSum();
      for (const part of some) sum.add(encodeSketch(latenciesOf(part).sketch()));
      expect(encodeSketch(sum.sketch())).toEqual(whole);
      const mixed = new Latencies();
      some.forEach((part, n) => (n % 2 === 0 ? mixed.addSketch(stored(part)) : mixed.addValues(part)));
      expect(encodeSketch(mixed.sketch())).toEqual(whole);
    },
  );

  it('of nothing are zeros, and a single one is itself', () => {
    expect(new Latencies().percentiles()).toEqual({ p50: 0, p95: 0, p99: 0, count: 0 });
    expect(latenciesOf([7]).percentiles()).toEqual({ p50: 7, p95: 7, p99: 7, count: 1 });
    expect(latenciesOf([100, 200]).percentiles()).toEqual({ p50: 150, p95: 195, p99: 199, count: 2 });
  });
});

describe('a stored sketch', () => {
  it.each([[[]], [[0]], [[0, 0, 1]], [[1]], [[1, 100_000]], [[3, 3, 3, 900]]])(
    'of %j comes back as it was',
    (values) => {
      const sketch = latenciesOf(values).sketch();
      const back = decodeSketch(encodeSketch(sketch));
      expect([back.count, back.zeroCount, back.store.count]).toEqual([
        sketch.count,
        sketch.zeroCount,
        sketch.store.count,
      ]);
      for (const share of [0, 0.5, 1])
        expect(back.getValueAtQuantile(share)).toBe(sketch.getValueAtQuantile(share));
      back.accept(50);
      expect(back.count).toBe(values.length + 1);
    },
  );

  it('holds counts of more than a byte, and skips what a later version adds', () => {
    const sketch = emptySketch();
    sketch.accept(10, 5_000_000_000);
    sketch.accept(11, 300);
    const bytes = encodeSketch(sketch);
    expect(decodeSketch(new Uint8Array([...bytes, 0x28, 0x07])).store.count).toBe(5_000_000_300);
  });

  it('is small: a day of a busy tenant takes less than two kilobytes', () => {
    const values = samplesOf((share) => 300 * (share / (1 - share)) ** 0.3);
    expect(encodeSketch(latenciesOf(values).sketch()).length).toBeLessThan(2_048);
  });

  it('of another accuracy is refused', () => {
    const bytes = encodeSketch(emptySketch());
    bytes[3] = (bytes[3] ?? 0) ^ 1;
    expect(() => decodeSketch(bytes)).toThrow('another accuracy');
  });
});

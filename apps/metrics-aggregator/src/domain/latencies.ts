import { DDSketch } from '@datadog/sketches-js';

/** A percentile read from a sketch is at most this share of itself off. */
export const RELATIVE_ACCURACY = 0.005;

/** In milliseconds; all 0 when nothing was measured. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly count: number;
}

const SHARES = [0.5, 0.95, 0.99] as const;

export const emptySketch = (): DDSketch => new DDSketch({ relativeAccuracy: RELATIVE_ACCURACY });

/** Between the two nearest values in proportion, as SQL's percentile_cont has it. `sorted` is not empty. */
const between = (sorted: Float64Array, share: number): number => {
  const rank = share * (sorted.length - 1);
  const below = sorted[Math.floor(rank)] ?? 0;
  const above = sorted[Math.ceil(rank)] ?? 0;
  return below + (above - below) * (rank - Math.floor(rank));
};

/**
 * Latencies of many calls, in milliseconds: the values themselves as long as only values come in, which makes their
 * percentiles exact, and a sketch once a sketch was merged. Sketches merge without loss: the merge of parts is the
 * sketch of the whole.
 */
export class Latencies {
  #values: number[] = [];
  #sketch: DDSketch | undefined;

  get count(): number {
    return this.#values.length + (this.#sketch?.count ?? 0);
  }

  get exact(): boolean {
    return this.#sketch === undefined;
  }

  addValues(values: readonly number[]): void {
    for (const value of values) this.#values.push(value);
  }

  addSketch(sketch: DDSketch): void {
    this.#sketch ??= emptySketch();
    this.#sketch.merge(sketch);
  }

  add(other: Latencies): void {
    this.addValues(other.#values);
    if (other.#sketch) this.addSketch(other.#sketch);
  }

  /** All of it as one sketch. */
  sketch(): DDSketch {
    const sketch = emptySketch();
    if (this.#sketch) sketch.merge(this.#sketch);
    for (const value of this.#values) sketch.accept(value);
    return sketch;
  }

  percentiles(): Percentiles {
    const { count } = this;
    if (count === 0) return { p50: 0, p95: 0, p99: 0, count };
    const [p50, p95, p99] = this.#sketch ? this.#fromSketch() : this.#fromValues();
    return { p50, p95, p99, count };
  }

  #fromValues(): [number, number, number] {
    const sorted = Float64Array.from(this.#values).sort();
    const [p50, p95, p99] = SHARES;
    return [between(sorted, p50), between(sorted, p95), between(sorted, p99)];
  }

  #fromSketch(): [number, number, number] {
    const sketch = this.sketch();
    const [p50, p95, p99] = SHARES;
    return [sketch.getValueAtQuantile(p50), sketch.getValueAtQuantile(p95), sketch.getValueAtQuantile(p99)];
  }
}

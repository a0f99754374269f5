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
  /** Empty once there is a sketch. */
  #values: number[] = [];
  #sketch: DDSketch | undefined;
  #percentiles: Percentiles | undefined;

  get count(): number {
    return this.#values.length + (this.#sketch?.count ?? 0);
  }

  get exact(): boolean {
    return this.#sketch === undefined;
  }

  addValues(values: readonly number[]): void {
    this.#percentiles = undefined;
    const sketch = this.#sketch;
    for (const value of values) {
      if (sketch) sketch.accept(value);
      else this.#values.push(value);
    }
  }

  addSketch(sketch: DDSketch): void {
    this.#percentiles = undefined;
    this.#sketch ??= this.sketch();
    this.#values = [];
    this.#sketch.merge(sketch);
  }

  add(other: Latencies): void {
    if (other.#sketch) this.addSketch(other.#sketch);
    else this.addValues(other.#values);
  }

  /** All of it as one sketch, of the caller's own. */
  sketch(): DDSketch {
    const sketch = emptySketch();
    if (this.#sketch) sketch.merge(this.#sketch);
    for (const value of this.#values) sketch.accept(value);
    return sketch;
  }

  percentiles(): Percentiles {
    this.#percentiles ??= this.#measure();
    return this.#percentiles;
  }

  #measure(): Percentiles {
    const { count } = this;
    if (count === 0) return { p50: 0, p95: 0, p99: 0, count };
    const sketch = this.#sketch;
    const sorted = Float64Array.from(this.#values).sort();
    const at = (share: number): number => sketch?.getValueAtQuantile(share) ?? between(sorted, share);
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99), count };
  }
}

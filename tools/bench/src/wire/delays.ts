const BUCKET_US = 10;
const BUCKETS = 200_001;

/** A count for each hundredth of a millisecond up to two seconds: merges exactly and loses nothing that matters here. */
export type DelayCounts = readonly (readonly [bucket: number, count: number])[];

export class Delays {
  private readonly counts = new Uint32Array(BUCKETS);
  count = 0;

  static from(counts: DelayCounts): Delays {
    const delays = new Delays();
    for (const [bucket, count] of counts) delays.addToBucket(bucket, count);
    return delays;
  }

  add(delayUs: number): void {
    this.addToBucket(Math.min(BUCKETS - 1, Math.max(0, Math.floor(delayUs / BUCKET_US))), 1);
  }

  /** In milliseconds, rounded up to the bucket's end; undefined when nothing was measured. */
  percentile(share: number): number | undefined {
    if (this.count === 0) return undefined;
    let left = Math.max(1, Math.ceil(this.count * share));
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      left -= this.counts[bucket] ?? 0;
      if (left <= 0) return ((bucket + 1) * BUCKET_US) / 1000;
    }
    return (BUCKETS * BUCKET_US) / 1000;
  }

  toCounts(): DelayCounts {
    const sparse: [number, number][] = [];
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      const count = this.counts[bucket] ?? 0;
      if (count > 0) sparse.push([bucket, count]);
    }
    return sparse;
  }

  private addToBucket(bucket: number, count: number): void {
    this.counts[bucket] = (this.counts[bucket] ?? 0) + count;
    this.count += count;
  }
}

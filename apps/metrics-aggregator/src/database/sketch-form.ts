import type { DDSketch } from '@datadog/sketches-js';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { emptySketch } from '../domain/latencies.js';

/*
 * A sketch as it is stored. DDSketch's published protobuf form counts in doubles; a window of a week reads some hundred
 * sketches and has milliseconds for it, so ours is the same with counts as varints: a seventh of the size.
 *
 *   message Sketch {
 *     double gamma = 1;                // the mapping: bin k holds values in (gamma^(k-1), gamma^k]
 *     uint64 zero_count = 2;
 *     sint32 first_key = 3;
 *     repeated uint64 counts = 4;      // of the bins from first_key on, positive values only
 *   }
 */
const GAMMA = 1;
const ZERO_COUNT = 2;
const FIRST_KEY = 3;
const COUNTS = 4;

const OUR_GAMMA = emptySketch().mapping.gamma;

const trimmed = (bins: readonly number[]): { first: number; counts: readonly number[] } => {
  const first = bins.findIndex((count) => count > 0);
  const last = bins.findLastIndex((count) => count > 0);
  return first === -1 ? { first: 0, counts: [] } : { first, counts: bins.slice(first, last + 1) };
};

export const encodeSketch = (sketch: DDSketch): Uint8Array => {
  const { first, counts } = trimmed(sketch.store.bins);
  const writer = new BinaryWriter();
  writer.tag(GAMMA, WireType.Bit64).double(sketch.mapping.gamma);
  writer.tag(ZERO_COUNT, WireType.Varint).uint64(sketch.zeroCount);
  writer.tag(FIRST_KEY, WireType.Varint).sint32(sketch.store.offset + first);
  writer.tag(COUNTS, WireType.LengthDelimited).fork();
  for (const count of counts) writer.uint64(count);
  return writer.join().finish();
};

/**
 * Adds up stored sketches, bin by bin, and makes one sketch of them: the same as if they were merged one by one, without
 * making each of them first, which would be most of a query's time.
 */
export class SketchSum {
  /** Counts of the bins from `#first` on. */
  #counts = new Float64Array(0);
  #first = 0;
  #zeroCount = 0;

  /** @throws when it was made for another accuracy: bins of different widths cannot be added. */
  add(stored: Uint8Array): void {
    const reader = new BinaryReader(stored);
    let first = 0;
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      if (field === GAMMA) {
        if (reader.double() !== OUR_GAMMA) throw new Error('a sketch of another accuracy');
      } else if (field === ZERO_COUNT) this.#zeroCount += Number(reader.uint64());
      else if (field === FIRST_KEY) first = reader.sint32();
      else if (field === COUNTS) this.#addCounts(first, reader.bytes());
      else reader.skip(wireType);
    }
  }

  sketch(): DDSketch {
    const sketch = emptySketch();
    const { store } = sketch;
    store.bins = [...this.#counts];
    store.offset = this.#first;
    for (const count of store.bins) store.count += count;
    if (store.count > 0) {
      store.minKey = store.offset;
      store.maxKey = store.offset + store.bins.length - 1;
    }
    sketch.zeroCount = this.#zeroCount;
    sketch.count = store.count + sketch.zeroCount;
    return sketch;
  }

  /** Reads the packed varints itself: a reader's call for each would take longer than all the rest. */
  #addCounts(first: number, packed: Uint8Array): void {
    this.#reach(first, first + packed.length);
    const counts = this.#counts;
    for (let at = 0, bin = first - this.#first; at < packed.length; bin++) {
      let byte = packed[at++] ?? 0;
      let count = byte & 0x7f;
      for (let scale = 128; byte > 0x7f; scale *= 128) {
        byte = packed[at++] ?? 0;
        count += (byte & 0x7f) * scale;
      }
      counts[bin] = (counts[bin] ?? 0) + count;
    }
  }

  /** Makes room for the bins from `first` up to `end`; a count is a byte or more, so `end` may be more than it takes. */
  #reach(first: number, end: number): void {
    const before = this.#counts;
    const lastEnd = this.#first + before.length;
    if (before.length > 0 && first >= this.#first && end <= lastEnd) return;
    const from = before.length === 0 ? first : Math.min(first, this.#first);
    this.#counts = new Float64Array(Math.max(end, before.length === 0 ? end : lastEnd) - from);
    this.#counts.set(before, before.length === 0 ? 0 : this.#first - from);
    this.#first = from;
  }
}

export const decodeSketch = (stored: Uint8Array): DDSketch => {
  const sum = new SketchSum();
  sum.add(stored);
  return sum.sketch();
};

/** The sum of stored sketches that stand one after the other, each behind its length in four bytes, big end first. */
export const sumOfSketches = (framed: Uint8Array): DDSketch => {
  const view = new DataView(framed.buffer, framed.byteOffset, framed.byteLength);
  const sum = new SketchSum();
  for (let at = 0; at < framed.length;) {
    const end = at + 4 + view.getUint32(at);
    sum.add(framed.subarray(at + 4, end));
    at = end;
  }
  return sum.sketch();
};

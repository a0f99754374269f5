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

/** The packed varints of one field; by hand, since a reader's call per count is most of a query's time. */
const varints = (bytes: Uint8Array): number[] => {
  const values: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    let value = 0;
    let scale = 1;
    let byte: number;
    do {
      byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte > 0x7f);
    values.push(value);
  }
  return values;
};

/** @throws when it was made for another accuracy: bins of different widths cannot be merged. */
export const decodeSketch = (stored: Uint8Array): DDSketch => {
  const reader = new BinaryReader(stored);
  const sketch = emptySketch();
  const { store } = sketch;
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === GAMMA) {
      if (reader.double() !== sketch.mapping.gamma) throw new Error('a sketch of another accuracy');
    } else if (field === ZERO_COUNT) sketch.zeroCount = Number(reader.uint64());
    else if (field === FIRST_KEY) store.offset = reader.sint32();
    else if (field === COUNTS) store.bins = varints(reader.bytes());
    else reader.skip(wireType);
  }
  for (const count of store.bins) store.count += count;
  if (store.count > 0) {
    store.minKey = store.offset;
    store.maxKey = store.offset + store.bins.length - 1;
  }
  sketch.count = store.count + sketch.zeroCount;
  return sketch;
};

/** 20 ms of µ-law. */
export const FRAME_BYTES = 160;
/** A multiple of three, so that a marker is whole characters of base64 wherever its frame begins the payload. */
export const MARKER_BYTES = 18;

/** What a marked frame is part of. A greeting may be played from memory: it proves no order and no delay. */
export const KINDS = { caller: 1, answer: 2, greeting: 3 } as const;
export type Kind = (typeof KINDS)[keyof typeof KINDS];

export interface Marker {
  kind: Kind;
  call: number;
  /** Counted for each call and direction, from 0. */
  sequence: number;
  /** When the frame was written, by the monotonic clock. */
  sentUs: number;
}

const MAGIC = 0xa5;
const UINT16 = 0x1_0000;

const checksum = (frame: Buffer, offset: number): number => {
  let sum = 0;
  for (let index = offset; index < offset + MARKER_BYTES - 2; index += 1)
    sum = (sum * 31 + (frame[index] ?? 0)) % UINT16;
  return sum;
};

/** Writes the marker over the frame's first bytes. */
export const writeMarker = (
  frame: Buffer,
  offset: number,
  { kind, call, sequence, sentUs }: Marker,
): void => {
  frame[offset] = MAGIC;
  frame[offset + 1] = kind;
  frame.writeUInt16BE(call, offset + 2);
  frame.writeUInt32BE(sequence, offset + 4);
  frame.writeUIntBE(Math.round(sentUs), offset + 8, 6);
  frame.writeUInt16BE(0, offset + 14);
  frame.writeUInt16BE(checksum(frame, offset), offset + 16);
};

/** Reads the marker at the offset into `into`; false when there is none, or one that was damaged. */
export const readMarker = (frame: Buffer, offset: number, into: Marker): boolean => {
  if (frame[offset] !== MAGIC || frame.length < offset + MARKER_BYTES) return false;
  if (frame.readUInt16BE(offset + 16) !== checksum(frame, offset)) return false;
  into.kind = frame[offset + 1] as Kind;
  into.call = frame.readUInt16BE(offset + 2);
  into.sequence = frame.readUInt32BE(offset + 4);
  into.sentUs = frame.readUIntBE(offset + 8, 6);
  return true;
};

/** Audio of so many frames without meaning; the same in every run. */
export const prebuiltAudio = (frames: number): Buffer => {
  const audio = Buffer.allocUnsafe(frames * FRAME_BYTES);
  for (let index = 0, state = 0x2f6e2b1; index < audio.length; index += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    audio[index] = state >>> 24;
  }
  return audio;
};

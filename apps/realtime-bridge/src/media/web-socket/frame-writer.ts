import { randomFillSync } from 'node:crypto';
import { applyMask } from './masking.js';
import { FINAL, LENGTH_IN_2, LENGTH_IN_8, MASK_BYTES, MASKED, Opcode, type Role } from './protocol.js';

const MOST_IN_2 = 0xffff;

/** Masks must not be guessable (RFC 6455, section 10.3); drawn one by one they would cost more than their frame. */
const masks = Buffer.allocUnsafeSlow(8 * 1024);
let masksUsed = masks.length;

const writeMask = (into: Buffer, at: number): void => {
  if (masksUsed === masks.length) {
    randomFillSync(masks);
    masksUsed = 0;
  }
  into.writeUInt32LE(masks.readUInt32LE(masksUsed), at);
  masksUsed += MASK_BYTES;
};

/** Room that a frame takes. */
export const frameBytes = (payloadBytes: number, role: Role): number =>
  2 +
  (payloadBytes < LENGTH_IN_2 ? 0 : payloadBytes <= MOST_IN_2 ? 2 : 8) +
  (role === 'client' ? MASK_BYTES : 0) +
  payloadBytes;

/** Writes all of a frame that comes before its payload; returns where that belongs. */
const writeHeader = (into: Buffer, at: number, opcode: number, payloadBytes: number, role: Role): number => {
  const maskBit = role === 'client' ? MASKED : 0;
  into[at] = FINAL | opcode;
  let start = at + 2;
  if (payloadBytes < LENGTH_IN_2) into[at + 1] = maskBit | payloadBytes;
  else if (payloadBytes <= MOST_IN_2) {
    into[at + 1] = maskBit | LENGTH_IN_2;
    start = into.writeUInt16BE(payloadBytes, start);
  } else {
    into[at + 1] = maskBit | LENGTH_IN_8;
    start = into.writeBigUInt64BE(BigInt(payloadBytes), start);
  }
  if (role === 'server') return start;
  writeMask(into, start);
  return start + MASK_BYTES;
};

/** Writes a text frame; returns where it ends. `latin1` is for a text that is known to be ASCII: it costs less. */
export const writeText = (
  into: Buffer,
  at: number,
  text: string,
  payloadBytes: number,
  encoding: 'latin1' | 'utf8',
  role: Role,
): number => {
  const start = writeHeader(into, at, Opcode.text, payloadBytes, role);
  const end = start + payloadBytes;
  into.write(text, start, payloadBytes, encoding);
  if (role === 'client') applyMask(into, start, end);
  return end;
};

/** A frame in a buffer of its own. */
export const frameOf = (opcode: number, payload: Buffer, role: Role): Buffer => {
  const frame = Buffer.allocUnsafe(frameBytes(payload.length, role));
  const start = writeHeader(frame, 0, opcode, payload.length, role);
  payload.copy(frame, start);
  if (role === 'client') applyMask(frame, start, frame.length);
  return frame;
};

import { applyMask } from './masking.js';
import {
  CloseCode,
  FINAL,
  LENGTH_IN_2,
  LENGTH_IN_8,
  MASK_BYTES,
  MASKED,
  MAX_CONTROL_BYTES,
  mayCloseWith,
  Opcode,
  type ProtocolFault,
  type Role,
} from './protocol.js';

/** Bytes are valid during the call only. */
export interface FrameSink {
  message(isText: boolean, data: Buffer, from: number, to: number): void;
  ping(data: Buffer, from: number, to: number): void;
  goodbye(code: number): void;
  /** The peer broke the protocol; nothing is read after it. */
  fault(code: ProtocolFault): void;
}

/** A header is at most this long: two bytes, a length in eight, a mask. */
const MAX_HEADER_BYTES = 14;
const INCOMPLETE = -1;
const STOPPED = -2;

/**
 * Cuts what arrives into messages. A frame that has come whole is read where it lies; only what is cut off by the end of a
 * chunk is copied. Memory is bounded by one message. Fed by: a socket. Feeds: `TextSocket`.
 */
export class FrameReader {
  private stopped = false;
  /** What has come of a frame that is not whole. */
  private pending: Buffer | undefined;
  private pendingBytes = 0;
  /** What has come of a message in several frames. */
  private fragments: Buffer[] | undefined;
  private fragmentBytes = 0;
  private fragmentsAreText = false;

  constructor(
    private readonly role: Role,
    private readonly maxMessageBytes: number,
    private readonly sink: FrameSink,
  ) {}

  /** Takes what the socket has read; masked bytes are unmasked in place. */
  push(data: Buffer, from: number, to: number): void {
    if (this.pendingBytes === 0) {
      const at = this.frames(data, from, to);
      if (at < to) this.keep(data, at, to);
      return;
    }
    this.keep(data, from, to);
    const { pending, pendingBytes } = this;
    if (!pending) return;
    const at = this.frames(pending, 0, pendingBytes);
    this.pendingBytes -= at;
    if (this.pendingBytes === 0) this.pending = undefined;
    else if (at > 0) pending.copyWithin(0, at, pendingBytes);
  }

  /** Memory held for what has not come whole. */
  get keptBytes(): number {
    return this.pending?.length ?? 0;
  }

  /** What comes from now on is of no interest. */
  stop(): void {
    this.stopped = true;
    this.pending = this.fragments = undefined;
    this.pendingBytes = 0;
  }

  private keep(data: Buffer, from: number, to: number): void {
    const bytes = this.pendingBytes + to - from;
    if (!this.pending || this.pending.length < bytes) {
      const roomier = Buffer.allocUnsafeSlow(bytes < 256 ? 512 : bytes * 2);
      this.pending?.copy(roomier, 0, 0, this.pendingBytes);
      this.pending = roomier;
    }
    data.copy(this.pending, this.pendingBytes, from, to);
    this.pendingBytes = bytes;
  }

  /** Reads whole frames; returns where the first that is not whole begins, or the end when nothing more is to be read. */
  private frames(data: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to) {
      const next = this.frame(data, at, to);
      if (next === INCOMPLETE) return at;
      if (next === STOPPED) return to;
      at = next;
    }
    return at;
  }

  private frame(data: Buffer, at: number, to: number): number {
    if (to - at < 2) return INCOMPLETE;
    const first = data[at] ?? 0;
    const second = data[at + 1] ?? 0;
    const isMasked = (second & MASKED) !== 0;
    // Extensions are not offered, so their bits are never set; a client masks always, a server never.
    if ((first & 0x70) !== 0 || isMasked !== (this.role === 'server'))
      return this.fail(CloseCode.protocolError);
    const short = second & 0x7f;
    const lengthBytes = short === LENGTH_IN_2 ? 2 : short === LENGTH_IN_8 ? 8 : 0;
    const start = at + 2 + lengthBytes + (isMasked ? MASK_BYTES : 0);
    if (start > to) return INCOMPLETE;
    const length =
      lengthBytes === 0
        ? short
        : lengthBytes === 2
          ? data.readUInt16BE(at + 2)
          : data.readUInt32BE(at + 2) * 2 ** 32 + data.readUInt32BE(at + 6);
    if (length + this.fragmentBytes > this.maxMessageBytes && (first & 0x8) === 0)
      return this.fail(CloseCode.tooBig);
    const end = start + length;
    if (end > to)
      return length > this.maxMessageBytes + MAX_HEADER_BYTES ? this.fail(CloseCode.tooBig) : INCOMPLETE;
    if (isMasked) applyMask(data, start, end);
    this.take(first, data, start, end);
    return this.stopped ? STOPPED : end;
  }

  private take(first: number, data: Buffer, from: number, to: number): void {
    const opcode = first & 0xf;
    const isFinal = (first & FINAL) !== 0;
    if (opcode >= Opcode.close) return this.control(opcode, isFinal, data, from, to);
    if (opcode > Opcode.binary || (opcode === Opcode.continuation) !== (this.fragments !== undefined)) {
      this.fail(CloseCode.protocolError);
      return;
    }
    if (isFinal && !this.fragments) this.sink.message(opcode === Opcode.text, data, from, to);
    else this.fragment(opcode, isFinal, data, from, to);
  }

  private fragment(opcode: number, isFinal: boolean, data: Buffer, from: number, to: number): void {
    if (!this.fragments) this.fragmentsAreText = opcode === Opcode.text;
    // A header's worth is counted for each, or endless empty ones would cost memory and never reach the bound.
    this.fragmentBytes += to - from + MAX_HEADER_BYTES;
    const fragments = (this.fragments ??= []);
    fragments.push(Buffer.from(data.subarray(from, to)));
    if (!isFinal) return;
    this.fragments = undefined;
    this.fragmentBytes = 0;
    const whole = Buffer.concat(fragments);
    this.sink.message(this.fragmentsAreText, whole, 0, whole.length);
  }

  private control(opcode: number, isFinal: boolean, data: Buffer, from: number, to: number): void {
    if (!isFinal || to - from > MAX_CONTROL_BYTES) {
      this.fail(CloseCode.protocolError);
      return;
    }
    switch (opcode) {
      case Opcode.close:
        return this.goodbye(data, from, to);
      case Opcode.ping:
        return this.sink.ping(data, from, to);
      case Opcode.pong:
        return;
      default:
        this.fail(CloseCode.protocolError);
    }
  }

  private goodbye(data: Buffer, from: number, to: number): void {
    const isSilent = from === to;
    const code = isSilent ? CloseCode.none : to - from === 1 ? 0 : data.readUInt16BE(from);
    if (!isSilent && !mayCloseWith(code)) {
      this.fail(CloseCode.protocolError);
      return;
    }
    this.stop();
    this.sink.goodbye(code);
  }

  private fail(code: ProtocolFault): typeof STOPPED {
    this.stop();
    this.sink.fault(code);
    return STOPPED;
  }
}

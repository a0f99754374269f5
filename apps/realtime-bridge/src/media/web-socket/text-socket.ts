import { isUtf8 } from 'node:buffer';
import type { Duplex } from 'node:stream';
import { FrameReader, type FrameSink } from './frame-reader.js';
import { frameBytes, frameOf, writeText } from './frame-writer.js';
import { CloseCode, Opcode, type ProtocolFault, type Role } from './protocol.js';

/** What goes over the wire, as far as this needs it: a socket of `node:net` or `node:tls`. */
export type Wire = Pick<Duplex, 'write' | 'end' | 'destroy' | 'writableLength'>;

export interface TextSocketListener {
  /** A whole text message; the bytes are valid during the call only, and not yet known to be UTF-8. */
  text(data: Buffer, from: number, to: number): void;
  binary(): void;
  /** It is over, said once: with the peer's code, or with ours for a peer that broke the protocol. */
  closed(code: number): void;
}

/** More than this of unanswered pings is not answered any more: a peer that does not read gets no more to read. */
const MAX_PONG_BACKLOG_BYTES = 16 * 1024;

/** The text of a message; undefined when it is not UTF-8. */
export const textOf = (data: Buffer, from: number, to: number): string | undefined =>
  isUtf8(data.subarray(from, to)) ? data.toString('utf8', from, to) : undefined;

/**
 * One end of an open WebSocket that carries text. The media path's own, because a call costs a hundred messages a second:
 * no streams between, one write a message, and several messages in one write where they come together.
 * Fed by: `accept`, `dial`. Feeds: the phone's line, the model's connection.
 */
export class TextSocket implements FrameSink {
  private readonly reader: FrameReader;
  private state: 'open' | 'closing' | 'closed' = 'open';
  private isHolding = false;
  private held: string[] = [];
  private listener: TextSocketListener | undefined;

  /** @param maxMessageBytes a longer message ends the connection */
  constructor(
    private readonly wire: Wire,
    private readonly role: Role,
    maxMessageBytes: number,
  ) {
    this.reader = new FrameReader(role, maxMessageBytes, this);
  }

  /** The one listener. Nothing may have been received before. */
  listen(listener: TextSocketListener): void {
    this.listener = listener;
  }

  /** What the wire has read. */
  received(data: Buffer, from = 0, to = data.length): void {
    if (this.state !== 'closed') this.reader.push(data, from, to);
  }

  /** The wire has ended or failed. */
  wireClosed(): void {
    this.over(CloseCode.abnormal);
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  /** Bytes that the peer's side has not taken from us. */
  get bufferedBytes(): number {
    return this.wire.writableLength;
  }

  send(text: string): void {
    if (this.state !== 'open') return;
    const bytes = Buffer.byteLength(text, 'utf8');
    if (bytes === text.length) return this.sendAscii(text);
    this.flush();
    const frame = Buffer.allocUnsafe(frameBytes(bytes, this.role));
    writeText(frame, 0, text, bytes, 'utf8', this.role);
    this.wire.write(frame);
  }

  /** The same for a text that is known to hold nothing but ASCII. */
  sendAscii(text: string): void {
    if (this.state !== 'open') return;
    if (this.isHolding) this.held.push(text);
    else this.write(text);
  }

  /** What is sent from now on waits for `release`, to leave in one write. */
  hold(): void {
    this.isHolding = true;
  }

  release(): void {
    this.isHolding = false;
    this.flush();
  }

  /** Says good-bye; the peer's own good-bye, or the end of the wire, is the end. */
  close(code: number = CloseCode.normal, reason = ''): void {
    if (this.state !== 'open') return;
    this.flush();
    this.state = 'closing';
    const payload = Buffer.allocUnsafe(2 + Buffer.byteLength(reason));
    payload.writeUInt16BE(code, 0);
    payload.write(reason, 2);
    this.wire.write(frameOf(Opcode.close, payload, this.role));
  }

  /** Cuts the connection. */
  terminate(): void {
    this.reader.stop();
    this.wire.destroy();
    this.over(CloseCode.abnormal);
  }

  message(isText: boolean, data: Buffer, from: number, to: number): void {
    if (isText) this.listener?.text(data, from, to);
    else this.listener?.binary();
  }

  ping(data: Buffer, from: number, to: number): void {
    if (this.state !== 'open' || this.wire.writableLength > MAX_PONG_BACKLOG_BYTES) return;
    this.flush();
    this.wire.write(frameOf(Opcode.pong, data.subarray(from, to), this.role));
  }

  /** The peer's good-bye. */
  goodbye(code: number): void {
    this.answerGoodbye(code === CloseCode.none ? CloseCode.normal : code);
    this.over(code);
  }

  fault(code: ProtocolFault): void {
    this.answerGoodbye(code);
    this.over(code);
  }

  private answerGoodbye(code: number): void {
    // The end of a good-bye that was ours: there is nothing more to say.
    if (this.state === 'open') this.close(code);
    this.wire.end();
  }

  private over(code: number): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.held = [];
    this.listener?.closed(code);
  }

  private flush(): void {
    const { held } = this;
    if (held.length === 0) return;
    this.held = [];
    if (held.length === 1) return this.write(held[0] ?? '');
    let bytes = 0;
    for (const text of held) bytes += frameBytes(text.length, this.role);
    const frames = Buffer.allocUnsafe(bytes);
    let at = 0;
    for (const text of held) at = writeText(frames, at, text, text.length, 'latin1', this.role);
    this.wire.write(frames);
  }

  private write(text: string): void {
    const frame = Buffer.allocUnsafe(frameBytes(text.length, this.role));
    writeText(frame, 0, text, text.length, 'latin1', this.role);
    this.wire.write(frame);
  }
}

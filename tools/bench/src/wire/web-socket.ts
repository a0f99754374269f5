import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Just enough of RFC 6455 to play a peer cheaply: whole text frames, ping, close. A load generator that costs as much as what
 * it loads measures itself.
 */

const TEXT = 0x81;
const CLOSE = 0x8;
const PING = 0x9;
const PONG = 0xa;
/** A client must mask; that the key be unpredictable protects proxies, and there is none here. */
const KEY = [0x37, 0xfa, 0x21, 0x3d] as const;
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The frame of a text, in one buffer. */
export const textFrame = (text: string, masked: boolean): Buffer => frame(TEXT, text, masked);

const frame = (first: number, text: string, masked: boolean): Buffer => {
  const length = Buffer.byteLength(text, 'latin1');
  const lengthBytes = length < 126 ? 0 : length < 0x1_0000 ? 2 : 8;
  const start = 2 + lengthBytes + (masked ? 4 : 0);
  const buffer = Buffer.allocUnsafe(start + length);
  const maskBit = masked ? 0x80 : 0;
  buffer[0] = first;
  if (lengthBytes === 0) buffer[1] = maskBit | length;
  else if (lengthBytes === 2) {
    buffer[1] = maskBit | 126;
    buffer.writeUInt16BE(length, 2);
  } else {
    buffer[1] = maskBit | 127;
    buffer.writeBigUInt64BE(BigInt(length), 2);
  }
  buffer.write(text, start, 'latin1');
  if (masked) {
    for (let index = 0; index < 4; index += 1) buffer[start - 4 + index] = KEY[index] ?? 0;
    unmask(buffer, start, buffer.length, start - 4);
  }
  return buffer;
};

const unmask = (buffer: Buffer, from: number, to: number, keyAt: number): void => {
  const key = [
    buffer[keyAt] ?? 0,
    buffer[keyAt + 1] ?? 0,
    buffer[keyAt + 2] ?? 0,
    buffer[keyAt + 3] ?? 0,
  ] as const;
  for (let index = from; index < to; index += 1)
    buffer[index] = (buffer[index] ?? 0) ^ (key[(index - from) & 3] ?? 0);
};

export interface FrameSink {
  /** A whole text; only valid during the call. */
  text(payload: Buffer): void;
  ping(payload: Buffer): void;
  close(): void;
}

/** Cuts what arrives into frames. Fragmented messages are not expected of anybody here and end the reading. */
export class FrameReader {
  private rest: Buffer | undefined;
  private readonly sink: FrameSink;

  constructor(sink: FrameSink) {
    this.sink = sink;
  }

  push(chunk: Buffer): void {
    const data = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    this.rest = undefined;
    let at = 0;
    for (;;) {
      const end = this.readFrame(data, at);
      if (end === undefined) break;
      at = end;
    }
    if (at < data.length) this.rest = at === 0 ? data : data.subarray(at);
  }

  /** Where the frame at this place ends; undefined when it has not come whole. */
  private readFrame(data: Buffer, at: number): number | undefined {
    if (data.length < at + 2) return undefined;
    const first = data[at] ?? 0;
    const second = data[at + 1] ?? 0;
    const short = second & 0x7f;
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    const masked = (second & 0x80) !== 0;
    const start = at + 2 + lengthBytes + (masked ? 4 : 0);
    if (data.length < start) return undefined;
    const length =
      lengthBytes === 0
        ? short
        : lengthBytes === 2
          ? data.readUInt16BE(at + 2)
          : Number(data.readBigUInt64BE(at + 2));
    const end = start + length;
    if (data.length < end) return undefined;
    if (masked) unmask(data, start, end, start - 4);
    const payload = data.subarray(start, end);
    if (first === TEXT) this.sink.text(payload);
    else if ((first & 0xf) === PING) this.sink.ping(payload);
    else if ((first & 0xf) === CLOSE) this.sink.close();
    else if ((first & 0xf) !== PONG) throw new Error(`unexpected WebSocket frame ${first.toString(16)}`);
    return end;
  }
}

export interface PeerHooks {
  text(payload: Buffer): void;
  /** The other side has said good-bye or is gone; called once. */
  closed(): void;
}

/** One side of an open WebSocket. */
export class Peer {
  private readonly socket: Duplex;
  private readonly masks: boolean;
  private open = true;

  constructor(socket: Duplex, masks: boolean, head: Buffer, hooks: PeerHooks) {
    this.socket = socket;
    this.masks = masks;
    const closed = (): void => {
      if (!this.open) return;
      this.open = false;
      socket.end(frame(0x80 | CLOSE, '\u0003\u00e8', masks));
      hooks.closed();
    };
    const reader = new FrameReader({
      text: (payload) => hooks.text(payload),
      ping: (payload) => socket.write(frame(0x80 | PONG, payload.toString('latin1'), masks)),
      close: closed,
    });
    const onGone = (): void => {
      if (!this.open) return;
      this.open = false;
      socket.destroy();
      hooks.closed();
    };
    socket.on('data', (chunk: Buffer) => reader.push(chunk));
    socket.on('error', onGone);
    socket.on('close', onGone);
    if (head.length > 0) reader.push(head);
  }

  get isOpen(): boolean {
    return this.open;
  }

  send(text: string): void {
    if (this.open) this.socket.write(textFrame(text, this.masks));
  }

  /** Says good-bye and lets go. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    this.socket.end(frame(0x80 | CLOSE, '\u0003\u00e8', this.masks));
  }
}

/** Accepts the WebSocket that an HTTP server was asked for. */
export const acceptPeer = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  hooks: PeerHooks,
): Peer => {
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${GUID}`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  (socket as Socket).setNoDelay(true);
  return new Peer(socket, false, head, hooks);
};

/** Opens a WebSocket to a `ws:` address. Rejects when it is refused, or not opened in time. */
export const openPeer = (
  address: string,
  headers: Readonly<Record<string, string>>,
  hooks: PeerHooks,
  timeoutMs: number,
): Promise<Peer> =>
  new Promise((resolve, reject) => {
    const url = new URL(address);
    const socket = connect(Number(url.port), url.hostname);
    socket.setNoDelay(true);
    const fail = (why: string): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new Error(why));
    };
    const timer = setTimeout(() => fail('the WebSocket was not opened in time'), timeoutMs);
    const lines = Object.entries({
      Host: url.host,
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      ...headers,
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.once('connect', () =>
      socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n`),
    );
    const onError = (error: Error): void => fail(error.message);
    const onClose = (): void => fail('the peer closed instead of opening a WebSocket');
    socket.once('error', onError);
    socket.once('close', onClose);
    let answer = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      answer = Buffer.concat([answer, chunk]);
      const end = answer.indexOf('\r\n\r\n');
      if (end < 0) return;
      socket.off('data', onData).off('error', onError).off('close', onClose);
      if (!answer.toString('latin1', 0, 12).endsWith(' 101'))
        return fail(`the peer answered ${answer.toString('latin1', 9, 12)}`);
      clearTimeout(timer);
      resolve(new Peer(socket, true, answer.subarray(end + 4), hooks));
    };
    socket.on('data', onData);
  });

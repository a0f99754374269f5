import { randomBytes } from 'node:crypto';
import { connect as connectPlain, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectSecure, type ConnectionOptions } from 'node:tls';
import { acceptOf } from './accept.js';
import { TextSocket, type TextSocketListener } from './text-socket.js';

/** An answer's head is some hundred bytes. */
const MAX_HEAD_BYTES = 16 * 1024;
const HEAD_END = '\r\n\r\n';
const SWITCHING_PROTOCOLS = 101;

/**
 * Where every connection's bytes are read, one after the other: what a read brings is looked at before the next begins. Node
 * would otherwise allocate 64 KB for each read and shrink it to what has come.
 */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024);

export interface DialListener extends TextSocketListener {
  opened(): void;
  /** The other side answered, and not with a WebSocket. */
  refused(httpStatus: number): void;
}

interface Head {
  readonly status: number;
  readonly accept: string;
}

const readHead = (text: string): Head => ({
  status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0),
  accept: /^sec-websocket-accept:[ \t]*(\S+)[ \t]*$/im.exec(text)?.[1] ?? '',
});

/**
 * Opens a WebSocket to a `ws:` or `wss:` address, without extensions. What goes wrong before it is open is told by `refused`
 * or by `closed`; how long to wait is the caller's to say, with `terminate`.
 */
export class DialledSocket {
  readonly socket: TextSocket;
  private readonly wire: Socket;
  private readonly key = randomBytes(16).toString('base64');
  private head: Buffer | undefined = Buffer.alloc(0);

  constructor(
    address: string,
    headers: Readonly<Record<string, string>>,
    maxMessageBytes: number,
    private readonly listener: DialListener,
  ) {
    const url = new URL(address);
    const secure = url.protocol === 'wss:';
    const onread: OnReadOpts = {
      buffer: readBuffer,
      callback: (bytes) => {
        this.read(bytes);
        return true;
      },
    };
    const to = {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
      noDelay: true,
      onread,
    };
    this.wire = secure
      ? connectSecure({ ...to, servername: url.hostname, ALPNProtocols: ['http/1.1'] } as ConnectionOptions)
      : connectPlain(to);
    this.socket = new TextSocket(this.wire, 'client', maxMessageBytes);
    this.socket.listen(listener);
    this.wire.once(secure ? 'secureConnect' : 'connect', () => this.wire.write(this.request(url, headers)));
    this.wire.on('error', () => undefined);
    this.wire.once('end', () => this.socket.wireClosed());
    this.wire.once('close', () => this.socket.wireClosed());
  }

  private request({ pathname, search, host }: URL, headers: Readonly<Record<string, string>>): string {
    const lines = Object.entries({
      Host: host,
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': this.key,
      ...headers,
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    return `GET ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`;
  }

  private read(bytes: number): void {
    if (this.head === undefined) this.socket.received(readBuffer, 0, bytes);
    else this.readAnswer(bytes);
  }

  private readAnswer(bytes: number): void {
    const head = Buffer.concat([this.head ?? Buffer.alloc(0), readBuffer.subarray(0, bytes)]);
    const end = head.indexOf(HEAD_END);
    if (end < 0) {
      this.head = head;
      return head.length > MAX_HEAD_BYTES ? this.refuse(0) : undefined;
    }
    const { status, accept } = readHead(head.toString('latin1', 0, end + HEAD_END.length));
    if (status !== SWITCHING_PROTOCOLS || accept !== acceptOf(this.key)) return this.refuse(status);
    this.head = undefined;
    this.listener.opened();
    const start = end + HEAD_END.length;
    if (head.length > start) this.socket.received(head, start, head.length);
  }

  private refuse(status: number): void {
    this.listener.refused(status);
    this.socket.terminate();
  }
}

import { WebSocket } from 'ws';
import { newSid } from './identifiers.js';
import { signRequest } from './signature.js';
import { StreamWriter } from './stream-messages.js';

export interface RawStreamOrder {
  readonly url: string;
  /** Absent: the handshake carries no signature at all. */
  readonly authToken?: string | undefined;
  /** Instead of the right one. */
  readonly signature?: string;
}

/** A stream client without manners: says whatever a test wants said, whether Twilio would or not. */
export class RawStream {
  readonly streamSid = newSid('MZ');
  readonly accountSid = newSid('AC');
  readonly callSid = newSid('CA');
  /** Makes well-formed messages to spoil. */
  readonly writer = new StreamWriter(this.streamSid);
  readonly received: string[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => this.received.push(String(data)));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) =>
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    );
  }

  /** Rejects with the HTTP status when the handshake is refused. */
  static open(order: RawStreamOrder): Promise<RawStream> {
    const signature =
      order.signature ??
      (order.authToken === undefined ? undefined : signRequest(order.authToken, order.url));
    const socket = new WebSocket(order.url, {
      perMessageDeflate: false,
      headers: signature === undefined ? {} : { 'x-twilio-signature': signature },
    });
    const stream = new RawStream(socket);
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(stream));
      socket.on('error', reject);
    });
  }

  /** Text goes as a text frame, bytes as a binary frame. */
  send(data: string | Uint8Array): void {
    this.socket.send(data);
  }

  connected(): void {
    this.send(this.writer.connected());
  }

  start(customParameters: Readonly<Record<string, string>>): void {
    this.send(this.writer.start({ accountSid: this.accountSid, callSid: this.callSid, customParameters }));
  }

  /** Resolves when the server has read all that was sent, and all that it had sent by then has been received. */
  answered(): Promise<void> {
    return new Promise((resolve) => {
      this.socket.once('pong', () => resolve());
      this.socket.ping();
    });
  }

  close(): void {
    this.socket.close(1000);
  }

  /** Cuts the connection without a close frame. */
  cut(): void {
    this.socket.terminate();
  }
}

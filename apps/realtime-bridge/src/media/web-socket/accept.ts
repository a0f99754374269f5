import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { TextSocket } from './text-socket.js';

/** RFC 6455, section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** Sixteen bytes in base64. */
const KEY = /^[A-Za-z0-9+/]{21}[AQgw]==$/;
const VERSION = '13';

/** What proves to a client that its key was understood. */
export const acceptOf = (key: string): string =>
  createHash('sha1')
    .update(key + GUID)
    .digest('base64');

/** Whether a request asks for a WebSocket as the protocol has it. */
export const asksForWebSocket = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' &&
  headers.upgrade?.toLowerCase() === 'websocket' &&
  headers['sec-websocket-version'] === VERSION &&
  KEY.test(headers['sec-websocket-key'] ?? '');

/** Gives a client the WebSocket that it has asked for, without extensions. @param head what it has sent behind its request */
export const acceptWebSocket = (
  request: IncomingMessage,
  wire: Duplex,
  head: Buffer,
  maxMessageBytes: number,
): TextSocket => {
  const socket = new TextSocket(wire, 'server', maxMessageBytes);
  wire.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${acceptOf(request.headers['sec-websocket-key'] ?? '')}\r\n\r\n`,
  );
  if (head.length > 0) wire.unshift(head);
  wire.on('data', (data: Buffer) => socket.received(data));
  // An HTTP server leaves its half open when the peer has ended its own.
  wire.once('end', () => {
    wire.end();
    socket.wireClosed();
  });
  wire.once('close', () => socket.wireClosed());
  return socket;
};

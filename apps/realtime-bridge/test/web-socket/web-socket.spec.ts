import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer as createSecureServer } from 'node:https';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { eventually } from '@tradeline/testing';
import { WebSocket, WebSocketServer } from 'ws';
import { acceptWebSocket, asksForWebSocket } from '../../src/media/web-socket/accept.js';
import { DialledSocket } from '../../src/media/web-socket/dial.js';
import { type TextSocket, textOf } from '../../src/media/web-socket/text-socket.js';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from './loopback-identity.js';

const MOST = 200_000;
const WORDS = ['', 'plain', 'été, ñandú, ₱100, 😀', 'x'.repeat(126), 'é'.repeat(40_000), 'y'.repeat(70_000)];

const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;

const listening = async <T extends { listen(port: number, host: string, done: () => void): unknown }>(
  server: T,
): Promise<T> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
};

/** What one end of a connection has experienced. */
class Heard {
  readonly texts: string[] = [];
  readonly told: (string | number)[] = [];

  readonly listener = {
    text: (data: Buffer, from: number, to: number): void => {
      this.texts.push(textOf(data, from, to) ?? 'not UTF-8');
    },
    binary: (): void => void this.told.push('binary'),
    closed: (code: number): void => void this.told.push(code),
    opened: (): void => void this.told.push('opened'),
    refused: (status: number): void => void this.told.push(`refused ${status}`),
  };

  async until(told: readonly (string | number)[]): Promise<void> {
    await eventually(() => expect(this.told).toEqual(told));
  }
}

describe('a WebSocket that we accept, with the ws library at its other end', () => {
  let server: Server;
  let accepted: TextSocket[];
  let heard: Heard;
  const clients: WebSocket[] = [];

  const dial = (): WebSocket => {
    const client = new WebSocket(`ws://127.0.0.1:${portOf(server)}/`);
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  };

  const opened = async (): Promise<{ client: WebSocket; socket: TextSocket }> => {
    const client = dial();
    await new Promise((resolve) => client.once('open', resolve));
    const socket = accepted.at(-1);
    if (!socket) throw new Error('nothing was accepted');
    return { client, socket };
  };

  beforeEach(async () => {
    accepted = [];
    heard = new Heard();
    server = await listening(createServer());
    server.on('upgrade', (request, wire, head) => {
      if (!asksForWebSocket(request)) return wire.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      const socket = acceptWebSocket(request, wire, head, MOST);
      socket.listen(heard.listener);
      accepted.push(socket);
    });
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.terminate();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('carries texts of all lengths and alphabets both ways, in order', async () => {
    const { client, socket } = await opened();
    const answers: string[] = [];
    client.on('message', (data) => answers.push(String(data)));
    for (const words of WORDS) client.send(words);
    await eventually(() => expect(heard.texts).toEqual(WORDS));
    for (const words of WORDS) socket.send(words);
    await eventually(() => expect(answers).toEqual(WORDS));
  });

  it('hears what the client has said in the same breath as its request', async () => {
    const wire = connect(portOf(server), '127.0.0.1');
    const request =
      'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
    wire.write(Buffer.concat([Buffer.from(request), Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69])]));
    await eventually(() => expect(heard.texts).toEqual(['hi']));
    wire.destroy();
    await heard.until([1006]);
  });

  it('sends what was held as messages of their own, in order, before what comes later', async () => {
    const { client, socket } = await opened();
    const answers: string[] = [];
    client.on('message', (data) => answers.push(String(data)));
    socket.hold();
    socket.sendAscii('one');
    socket.sendAscii('two');
    socket.send('drei: é');
    socket.sendAscii('four');
    socket.release();
    socket.sendAscii('five');
    await eventually(() => expect(answers).toEqual(['one', 'two', 'drei: é', 'four', 'five']));
  });

  it('answers a ping with its own words', async () => {
    const { client } = await opened();
    const pong = new Promise<string>((resolve) => client.once('pong', (data) => resolve(String(data))));
    client.ping('still there?');
    expect(await pong).toBe('still there?');
  });

  it('tells the code with which the client leaves, and answers its good-bye', async () => {
    const { client } = await opened();
    const closed = new Promise((resolve) => client.once('close', resolve));
    client.close(1001, 'bye');
    expect(await closed).toBe(1001);
    await heard.until([1001]);
  });

  it('leaves with the code and reason that it is given', async () => {
    const { client, socket } = await opened();
    const closed = new Promise((resolve) =>
      client.once('close', (code, reason) => resolve([code, String(reason)])),
    );
    socket.close(1008, 'stream_bad_sequence');
    expect(await closed).toEqual([1008, 'stream_bad_sequence']);
    await heard.until([1008]);
  });

  it('tells of a connection that is cut', async () => {
    const { client } = await opened();
    client.terminate();
    await heard.until([1006]);
  });

  it('tells of a client that ends its half without a word, and lets go of it', async () => {
    const { client, socket } = await opened();
    (client as unknown as { _socket: Socket })._socket.end();
    await heard.until([1006]);
    expect(socket.isOpen).toBe(false);
    await eventually(() => expect(client.readyState).toBe(WebSocket.CLOSED));
  });

  it('ends a message that is too long with the code for it', async () => {
    const { client } = await opened();
    const closed = new Promise((resolve) => client.once('close', resolve));
    client.send('x'.repeat(MOST + 1));
    expect(await closed).toBe(1009);
    await heard.until([1009]);
  });

  it('says nothing into a connection that is over', async () => {
    const { client, socket } = await opened();
    client.terminate();
    await heard.until([1006]);
    socket.send('late');
    socket.close();
    expect(socket.bufferedBytes).toBe(0);
  });

  it('takes no request that is not one for a WebSocket of this version', async () => {
    const ask = (lines: string): Promise<string> =>
      new Promise((resolve) => {
        const wire = connect(portOf(server), '127.0.0.1');
        wire.once('data', (data) => {
          resolve(String(data).slice(0, 12));
          wire.destroy();
        });
        wire.write(`GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\n${lines}\r\n`);
      });
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
    expect(await ask(`Upgrade: websocket\r\nSec-WebSocket-Version: 8\r\n${key}`)).toBe('HTTP/1.1 400');
    expect(await ask('Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n')).toBe('HTTP/1.1 400');
    expect(await ask(`Upgrade: h2c\r\nSec-WebSocket-Version: 13\r\n${key}`)).toBe('HTTP/1.1 400');
  });
});

describe('a WebSocket that we open', () => {
  const stops: (() => unknown)[] = [];
  let heard: Heard;

  const dial = (address: string): DialledSocket => {
    const dialled = new DialledSocket(address, { Authorization: 'Bearer key' }, MOST, heard.listener);
    stops.push(() => dialled.socket.terminate());
    return dialled;
  };

  beforeEach(() => {
    heard = new Heard();
  });

  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  const echoing = async (secure: boolean): Promise<{ address: string; sockets: WebSocketServer }> => {
    const server = await listening(
      secure ? createSecureServer({ key: LOOPBACK_KEY, cert: LOOPBACK_CERTIFICATE }) : createServer(),
    );
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(String(data))));
    stops.push(() => {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      server.close();
    });
    return { address: `${secure ? 'wss://localhost' : 'ws://127.0.0.1'}:${portOf(server)}/a?b=c`, sockets };
  };

  it.each([false, true])(
    'carries texts of all lengths and alphabets both ways, over TLS: %s',
    async (secure) => {
      if (secure) {
        const usual = getCACertificates();
        setDefaultCACertificates([...usual, LOOPBACK_CERTIFICATE]);
        stops.push(() => setDefaultCACertificates(usual));
      }
      const { address, sockets } = await echoing(secure);
      const asked = new Promise((resolve) =>
        sockets.once('connection', (_socket, { url, headers }) => resolve([url, headers.authorization])),
      );
      const { socket } = dial(address);
      await heard.until(['opened']);
      expect(await asked).toEqual(['/a?b=c', 'Bearer key']);
      for (const words of WORDS) socket.send(words);
      await eventually(() => expect(heard.texts).toEqual(WORDS));
    },
  );

  it('keeps the connections apart whose bytes come through one buffer', async () => {
    const { address } = await echoing(false);
    const others = Array.from({ length: 8 }, () => new Heard());
    const sockets = others.map(({ listener }) => new DialledSocket(address, {}, MOST, listener).socket);
    stops.push(() => sockets.forEach((socket) => socket.terminate()));
    await Promise.all(others.map((other) => other.until(['opened'])));
    const words = (index: number): string[] =>
      Array.from({ length: 40 }, (_, n) => `${index}-${n}-`.repeat(n * 50));
    for (const [index, socket] of sockets.entries()) for (const text of words(index)) socket.send(text);
    await eventually(() => others.forEach((other, index) => expect(other.texts).toEqual(words(index))));
  });

  it('does not trust a stranger', async () => {
    const { address } = await echoing(true);
    dial(address);
    await heard.until([1006]);
  });

  it('tells with which status it was refused', async () => {
    const server = await listening(createServer());
    server.on('upgrade', (_request, wire) =>
      wire.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n'),
    );
    stops.push(() => server.close());
    dial(`ws://127.0.0.1:${portOf(server)}/`);
    await heard.until(['refused 401', 1006]);
  });

  it.each([
    ['does not speak HTTP', 'SSH-2.0-OpenSSH_9\r\n\r\n', 'refused 0'],
    ['never ends its answer', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(4_000)}`, 'refused 0'],
    [
      'did not understand the key',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: AAAA\r\n\r\n',
      'refused 101',
    ],
  ])('is not opened by whoever %s', async (_who, answer, told) => {
    const server = await listening(
      createTcpServer((wire) => wire.on('error', () => undefined).write(answer)),
    );
    stops.push(() => server.close());
    dial(`ws://127.0.0.1:${portOf(server)}/`);
    await heard.until([told, 1006]);
  });

  it('tells that nobody is there', async () => {
    const server = await listening(createTcpServer());
    const port = portOf(server);
    await new Promise((resolve) => server.close(resolve));
    dial(`ws://127.0.0.1:${port}/`);
    await heard.until([1006]);
  });

  it('masks what it says, never twice alike', async () => {
    const frames: Buffer[] = [];
    const server = await listening(createServer());
    server.on('upgrade', (request, wire, head) => {
      const socket = acceptWebSocket(request, wire, head, MOST);
      socket.listen({ text: () => undefined, binary: () => undefined, closed: () => undefined });
      wire.removeAllListeners('data');
      wire.on('data', (data: Buffer) => frames.push(data));
    });
    stops.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const { socket } = dial(`ws://127.0.0.1:${portOf(server)}/`);
    await heard.until(['opened']);
    for (let n = 0; n < 4_000; n += 1) socket.sendAscii('the same');
    const length = 2 + 4 + 'the same'.length;
    await eventually(() => expect(Buffer.concat(frames).length).toBe(4_000 * length));
    const bytes = Buffer.concat(frames);
    const masks = new Set(Array.from({ length: 4_000 }, (_, n) => bytes.readUInt32BE(n * length + 2)));
    expect(masks.size).toBeGreaterThan(3_990);
  });
});

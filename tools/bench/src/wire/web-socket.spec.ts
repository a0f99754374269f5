import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { acceptPeer, FrameReader, openPeer, textFrame, type Peer } from './web-socket.ts';

const WITHIN_MS = 5_000;
const texts = ['{}', 'x'.repeat(125), 'x'.repeat(126), 'y'.repeat(70_000)];

const read = (bytes: Buffer, piece: number): string[] => {
  const heard: string[] = [];
  const reader = new FrameReader({
    text: (payload) => heard.push(payload.toString('latin1')),
    ping: () => undefined,
    close: () => undefined,
  });
  for (let at = 0; at < bytes.length; at += piece) reader.push(Buffer.from(bytes.subarray(at, at + piece)));
  return heard;
};

describe('frames', () => {
  it.each([true, false])('are read as they were written, masked: %s', (masked) => {
    const bytes = Buffer.concat(texts.map((text) => textFrame(text, masked)));
    for (const piece of [1, 7, 4_096, bytes.length]) expect(read(bytes, piece)).toEqual(texts);
  });
});

describe('a peer', () => {
  let server: Server;
  let address: string;
  beforeEach(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/path?query=1`;
  });
  afterEach(() => void server.close());

  it('talks with a server of `ws`, and knows when it leaves', async () => {
    new WebSocketServer({ server }).on('connection', (socket) => {
      socket.on('message', (data) =>
        data.toString() === 'leave' ? socket.close() : socket.send(data.toString()),
      );
    });
    const heard: string[] = [];
    let ask: Peer | undefined;
    await new Promise<void>((resolve, reject) => {
      const text = (payload: Buffer): void => {
        heard.push(payload.toString('latin1'));
        if (heard.length === texts.length) ask?.send('leave');
      };
      openPeer(address, { 'X-Name': 'value' }, { text, closed: resolve }, WITHIN_MS).then((peer) => {
        ask = peer;
        for (const each of texts) peer.send(each);
      }, reject);
    });
    expect(heard).toEqual(texts);
  });

  it('talks with a client of `ws`', async () => {
    server.on('upgrade', (request, socket, head) => {
      const peer = acceptPeer(request, socket, head, {
        text: (payload) => peer.send(payload.toString('latin1')),
        closed: () => undefined,
      });
    });
    const client = new WebSocket(address);
    const heard: string[] = [];
    await new Promise<void>((resolve, reject) => {
      client.on('error', reject).on('close', () => resolve());
      client.on('open', () => texts.forEach((text) => client.send(text)));
      client.on('message', (data) => {
        heard.push(data.toString());
        if (heard.length === texts.length) client.close();
      });
    });
    expect(heard).toEqual(texts);
  });

  it('says why it was not let in', async () => {
    server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
    const hooks = { text: () => undefined, closed: () => undefined };
    await expect(openPeer(address, {}, hooks, WITHIN_MS)).rejects.toThrow('the peer answered 403');
  });
});

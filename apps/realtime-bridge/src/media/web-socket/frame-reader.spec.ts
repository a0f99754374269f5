import { describe, expect, it } from '@jest/globals';
import { FrameReader, type FrameSink } from './frame-reader.js';
import { frameBytes, frameOf, writeText } from './frame-writer.js';
import { CloseCode, Opcode, type Role } from './protocol.js';

const MOST = 1_000;

/** Writes down what was read. */
class Written implements FrameSink {
  readonly said: string[] = [];

  message(isText: boolean, data: Buffer, from: number, to: number): void {
    this.said.push(`${isText ? 'text' : 'binary'} ${data.toString('utf8', from, to)}`);
  }

  ping(data: Buffer, from: number, to: number): void {
    this.said.push(`ping ${data.toString('utf8', from, to)}`);
  }

  goodbye(code: number): void {
    this.said.push(`goodbye ${code}`);
  }

  fault(code: number): void {
    this.said.push(`fault ${code}`);
  }
}

const reading = (bytes: Buffer, role: Role, most = MOST, chunk = bytes.length): string[] => {
  const written = new Written();
  const reader = new FrameReader(role, most, written);
  for (let at = 0; at < bytes.length; at += chunk)
    reader.push(Buffer.from(bytes.subarray(at, at + chunk)), 0, Math.min(chunk, bytes.length - at));
  return written.said;
};

const text = (words: string, role: Role): Buffer => {
  const bytes = Buffer.byteLength(words);
  const frame = Buffer.alloc(frameBytes(bytes, role));
  writeText(frame, 0, words, bytes, 'utf8', role);
  return frame;
};

/** A frame whose first byte is as given, masked like a client's. */
const frame = (first: number, payload: string | Buffer = ''): Buffer => {
  const bytes = frameOf(first & 0xf, Buffer.from(payload), 'client');
  bytes[0] = first;
  return bytes;
};

const LENGTHS = [0, 1, 3, 4, 125, 126, 127, 65_535, 65_536, 70_001];

describe('what comes over a WebSocket', () => {
  it.each(['client', 'server'] as const)(
    'is read alike however the network cuts it, as sent by a %s',
    (sender) => {
      const messages = LENGTHS.map((length) => 'abcdefg'.repeat(10_001).slice(0, length));
      const bytes = Buffer.concat(messages.map((words) => text(words, sender)));
      const role = sender === 'client' ? 'server' : 'client';
      for (const chunk of [bytes.length, 1, 7, 4_096, 65_537])
        expect(reading(bytes, role, 100_000, chunk)).toEqual(messages.map((words) => `text ${words}`));
    },
  );

  it('is put together from its fragments, with what is said between them', () => {
    const bytes = [frame(0x01, 'one '), frame(0x89, 'alive?'), frame(0x00, 'two '), frame(0x80, 'three')];
    expect(reading(Buffer.concat(bytes), 'server', MOST, 3)).toEqual(['ping alive?', 'text one two three']);
  });

  it('tells text from bytes', () => {
    expect(reading(frame(0x82, 'x'), 'server')).toEqual(['binary x']);
  });

  it.each<[string, Buffer]>([
    ['a client that does not mask', text('x', 'server')],
    ['an extension that was not agreed', frame(0xc1, 'x')],
    ['a kind of message that does not exist', frame(0x83, 'x')],
    ['a kind of control that does not exist', frame(0x8b)],
    ['a control message in pieces', frame(0x09, 'x')],
    ['a control message that is too long', frame(0x89, 'x'.repeat(126))],
    ['the rest of a message that was never begun', frame(0x80, 'x')],
    ['a message in the middle of another', Buffer.concat([frame(0x01, 'x'), frame(0x81, 'y')])],
    ['half a reason to close', frame(0x88, 'x')],
    ['a reason to close that is never sent', frame(0x88, Buffer.from([0x03, 0xed]))],
  ])('ends with a fault at %s', (_what, bytes) => {
    expect(reading(Buffer.concat([bytes, text('later', 'client')]), 'server')).toEqual([
      `fault ${CloseCode.protocolError}`,
    ]);
  });

  it('ends with a fault at a server that masks', () => {
    expect(reading(text('x', 'client'), 'client')).toEqual([`fault ${CloseCode.protocolError}`]);
  });

  it.each<[string, Buffer]>([
    ['by its header alone', text('x'.repeat(MOST + 1), 'client').subarray(0, 8)],
    ['by a length beyond all memory', Buffer.from([0x81, 0xff, 0x7f, ...Buffer.alloc(11, 0xff)])],
    ['as the sum of its pieces', Buffer.concat([frame(0x01, 'x'.repeat(900)), frame(0x00, 'x'.repeat(200))])],
    ['as endless nothing', Buffer.concat([frame(0x01), ...Array.from({ length: 100 }, () => frame(0x00))])],
  ])('refuses a message that is too long, told %s', (_how, bytes) => {
    expect(reading(bytes, 'server')).toEqual([`fault ${CloseCode.tooBig}`]);
  });

  it('keeps a message that is cut off in no more memory than it takes twice', () => {
    const reader = new FrameReader('server', 100_000, new Written());
    const bytes = text('x'.repeat(90_000), 'client');
    for (let at = 0; at < bytes.length - 1; at += 1) reader.push(bytes.subarray(at, at + 1), 0, 1);
    expect(reader.keptBytes).toBeLessThan(2 * bytes.length + 512);
  });

  it('hears nothing behind a good-bye', () => {
    const bytes = Buffer.concat([
      frameOf(Opcode.close, Buffer.from([0x03, 0xe8]), 'client'),
      text('x', 'client'),
    ]);
    expect(reading(bytes, 'server')).toEqual(['goodbye 1000']);
  });
});

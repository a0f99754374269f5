import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import type { Response } from 'express';
import { LiveConnection } from './live-connection.js';

/** A reader that may stop reading: what is written to it then piles up. */
class Reader extends EventEmitter {
  text = '';
  writableLength = 0;
  reads = true;
  ended = false;
  destroyed = false;

  status = (): this => this;
  set = (): this => this;
  flushHeaders = (): void => undefined;
  write = (chunk: string): boolean => {
    this.text += chunk;
    if (!this.reads) this.writableLength += chunk.length;
    return this.reads;
  };
  end = (): void => {
    this.ended = true;
  };
  destroy = (): void => {
    this.destroyed = true;
  };
}

const connect = (reader: Reader) => {
  const seen = { cutOff: 0, closed: 0 };
  const connection = new LiveConnection(reader as unknown as Response, {
    stillWelcome: () => Promise.resolve(true),
    onCutOff: () => seen.cutOff++,
    onClose: () => seen.closed++,
    maxBufferedBytes: 200,
  });
  return { connection, seen };
};

const event = { id: 'ev_1', type: 'calls.v1.call-ended', data: { callId: 'ca_1', text: 'two\nlines' } };

describe('a live connection', () => {
  it('writes an event as the standard has it, on one line of data', () => {
    const reader = new Reader();
    const { connection } = connect(reader);
    connection.send(event);
    connection.close();
    expect(reader.text).toBe(
      ': connected\n\nid: ev_1\nevent: calls.v1.call-ended\ndata: {"callId":"ca_1","text":"two\\nlines"}\n\n',
    );
  });

  it('cuts off a reader that does not keep up, once', () => {
    const reader = new Reader();
    const { connection, seen } = connect(reader);
    reader.reads = false;
    for (let n = 0; n < 10; n++) connection.send(event);
    expect(reader.destroyed).toBe(true);
    expect(reader.writableLength).toBeLessThan(400);
    expect(seen).toEqual({ cutOff: 1, closed: 1 });
  });

  it('ends when its reader goes', () => {
    const reader = new Reader();
    const { seen } = connect(reader);
    reader.emit('close');
    reader.emit('close');
    expect([reader.ended, seen.closed]).toEqual([true, 1]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { MAX_BUFFERED_BYTES, PlayoutBuffer } from './playout-buffer.js';

const frames = (count: number, byte = 1): Uint8Array => new Uint8Array(160 * count).fill(byte);

describe('PlayoutBuffer', () => {
  it('answers a mark only when the audio before it has played to its end', () => {
    const buffer = new PlayoutBuffer();
    buffer.append(frames(2));
    expect(buffer.mark('after two frames')).toBe(false);
    buffer.beginFrame();
    expect(buffer.finishFrame()).toEqual([]);
    buffer.beginFrame();
    expect(buffer.finishFrame()).toEqual(['after two frames']);
  });

  it('answers a mark at once when nothing is left to play', () => {
    expect(new PlayoutBuffer().mark('early')).toBe(true);
  });

  it('does not answer a mark at once while the last frame still plays', () => {
    const buffer = new PlayoutBuffer();
    buffer.append(frames(1));
    buffer.beginFrame();
    expect(buffer.mark('late')).toBe(false);
    expect(buffer.finishFrame()).toEqual(['late']);
  });

  it('gives back every mark on clear, in order, and plays nothing more', () => {
    const buffer = new PlayoutBuffer();
    buffer.append(frames(3));
    buffer.mark('a');
    buffer.append(frames(3));
    buffer.mark('b');
    buffer.beginFrame();
    expect(buffer.clear()).toEqual({ discardedBytes: 5 * 160, marks: ['a', 'b'] });
    expect(buffer.beginFrame()).toBeUndefined();
    expect(buffer.finishFrame()).toEqual([]);
  });

  it('plays on after a clear and counts only what was heard', () => {
    const buffer = new PlayoutBuffer();
    buffer.append(frames(4));
    buffer.beginFrame();
    buffer.clear();
    buffer.append(frames(1, 2));
    buffer.mark('next');
    buffer.finishFrame();
    expect(buffer.beginFrame()).toEqual(frames(1, 2));
    expect(buffer.finishFrame()).toEqual(['next']);
    expect(buffer.playedBytes).toBe(2 * 160);
  });

  it('joins pieces of any length into whole frames and pads the last with silence', () => {
    const buffer = new PlayoutBuffer();
    buffer.append(new Uint8Array(100).fill(1));
    buffer.append(new Uint8Array(100).fill(2));
    expect(buffer.beginFrame()).toEqual(
      Uint8Array.from([...Array<number>(100).fill(1), ...Array<number>(60).fill(2)]),
    );
    expect(buffer.beginFrame()).toEqual(
      Uint8Array.from([...Array<number>(40).fill(2), ...Array<number>(120).fill(0xff)]),
    );
    expect(buffer.playedBytes).toBe(0);
    buffer.finishFrame();
    expect(buffer.playedBytes).toBe(200);
  });

  it('discards what goes beyond ten minutes and keeps what was there', () => {
    const buffer = new PlayoutBuffer();
    expect(buffer.append(new Uint8Array(MAX_BUFFERED_BYTES))).toBe(true);
    expect(buffer.append(new Uint8Array(1))).toBe(false);
    expect(buffer.bufferedBytes).toBe(MAX_BUFFERED_BYTES);
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '@tradeline/testing';
import { PlaybackLedger } from '../domain/playback-ledger.js';
import { MARK_PATIENCE_MS, MOST_WAIT_FOR_PIECE_MS, PacedSpeaker, SEND_AHEAD_MS } from './paced-speaker.js';

const audio = (ms: number): string => Buffer.alloc(ms * 8, 0x55).toString('base64');

let clock: FakeClock;
let speaker: PacedSpeaker;
let media: string[];
let marks: string[];
let clears: number;
let held: number;
let missing: number;
let busy: boolean;

const sentMs = (): number => media.reduce((sum, piece) => sum + Buffer.from(piece, 'base64').length / 8, 0);

beforeEach(() => {
  clock = new FakeClock();
  [media, marks, clears, held, missing, busy] = [[], [], 0, 0, 0, false];
  speaker = new PacedSpeaker(
    new PlaybackLedger(),
    clock,
    {
      media: (piece) => media.push(piece),
      mark: (name) => marks.push(name),
      clear: () => (clears += 1),
      hold: () => (held += 1),
      release: () => (held -= 1),
    },
    { onMarksMissing: () => (missing += 1), isBusy: () => busy },
  );
});

describe('speech', () => {
  it('leaves at once, in pieces of 60 ms with a mark behind each, up to the window', () => {
    speaker.say('i', 0, audio(5_000));
    expect(sentMs()).toBe(300);
    expect(marks).toHaveLength(5);
    expect(new Set(marks).size).toBe(5);
    expect(held).toBe(0);
  });

  it('is never further ahead than the window and a piece, and goes on by time alone', () => {
    speaker.say('i', 0, audio(3_000));
    for (let elapsed = 0; elapsed < 3_000; elapsed += 20) {
      expect(sentMs() - elapsed).toBeLessThanOrEqual(SEND_AHEAD_MS + 60);
      expect(sentMs() - elapsed).toBeGreaterThanOrEqual(Math.min(SEND_AHEAD_MS - 60, 3_000 - elapsed - 60));
      clock.advance(20);
    }
    expect(sentMs()).toBe(3_000);
  });

  it('after a pause is no further ahead than the window, though the mark before the pause is still owed', () => {
    speaker.say('i', 0, audio(60));
    clock.advance(1_500);
    speaker.say('i', 0, audio(3_000));
    expect(sentMs()).toBe(60 + 300);
    clock.advance(600);
    expect(sentMs() - 60 - 600).toBeLessThanOrEqual(SEND_AHEAD_MS + 60);
  });

  it('of odd lengths comes out as it went in', () => {
    const chunks = [1, 7, 160, 479, 480, 481, 3_001].map((bytes, i) => Buffer.alloc(bytes, i + 1));
    for (const chunk of chunks) speaker.say('i', 0, chunk.toString('base64'));
    clock.advance(5_000);
    expect(Buffer.concat(media.map((piece) => Buffer.from(piece, 'base64')))).toEqual(Buffer.concat(chunks));
  });

  it('stops at once: what was not sent is dropped, what was sent is cleared', () => {
    speaker.say('i', 0, audio(5_000));
    clock.advance(60);
    expect(speaker.stop()).toMatchObject([{ itemId: 'i', heardMs: 60, existingMs: 5_000 }]);
    const sent = sentMs();
    clock.advance(10_000);
    expect([clears, sentMs(), speaker.isQuiet]).toEqual([1, sent, true]);
  });

  it('that is paused is silent at once, and goes on with the piece in which it was paused', () => {
    const bytes = Buffer.from(Uint8Array.from({ length: 8_000 }, (_, i) => i % 251));
    speaker.say('i', 0, bytes.toString('base64'));
    clock.advance(60);
    speaker.echoed(marks[0] ?? '');
    const sent = media.length;
    clock.advance(30);
    speaker.pause();
    clock.advance(10_000);
    expect([clears, media.length, speaker.isQuiet]).toEqual([1, sent, false]);
    expect(speaker.remainingMs).toBeCloseTo(1_000 - 60, 0);
    speaker.say('i', 0, bytes.toString('base64'));
    expect(media).toHaveLength(sent);
    speaker.resume();
    clock.advance(5_000);
    expect(Buffer.concat(media.slice(sent).map((piece) => Buffer.from(piece, 'base64')))).toEqual(
      Buffer.concat([bytes.subarray(480), bytes]),
    );
  });

  it('that is paused and then stopped is cleared once, and cut to what was heard', () => {
    speaker.say('i', 0, audio(5_000));
    clock.advance(60);
    speaker.pause();
    speaker.pause();
    clock.advance(700);
    expect(speaker.stop()).toMatchObject([{ itemId: 'i', heardMs: 60, existingMs: 5_000 }]);
    expect([clears, speaker.isQuiet]).toEqual([1, true]);
    speaker.resume();
    speaker.say('next', 0, audio(60));
    expect(marks.at(-1)).toMatch(/^g2\./);
  });

  it('that nobody waits for needs no clear', () => {
    speaker.say('i', 0, audio(60));
    speaker.echoed(marks[0] ?? '');
    speaker.stop();
    expect(clears).toBe(0);
  });

  it('of an item that was cut is dropped', () => {
    speaker.say('i', 0, audio(60));
    speaker.stop();
    expect(speaker.say('i', 0, audio(60))).toBe(false);
    expect(media).toHaveLength(1);
  });

  it('is quiet when the last mark has come back', () => {
    speaker.say('i', 0, audio(100));
    expect(speaker.remainingMs).toBe(100);
    for (const mark of marks) {
      expect(speaker.isQuiet).toBe(false);
      speaker.echoed(mark);
    }
    expect(speaker.isQuiet).toBe(true);
  });

  it('is taken for heard when marks do not come back', () => {
    speaker.say('i', 0, audio(100));
    clock.advance(100 + MARK_PATIENCE_MS - 1);
    expect(speaker.isQuiet).toBe(false);
    clock.advance(1);
    expect([speaker.isQuiet, missing]).toEqual([true, 1]);
  });

  it('that comes in small parts leaves in whole pieces while messages are to be saved', () => {
    busy = true;
    const parts = Array.from({ length: 6 }, (_, i) => Buffer.alloc(160, i + 1));
    for (const part of parts) speaker.say('i', 0, part.toString('base64'));
    expect(media.map((piece) => Buffer.from(piece, 'base64'))).toEqual([
      Buffer.concat(parts.slice(0, 3)),
      Buffer.concat(parts.slice(3)),
    ]);
    expect(marks).toHaveLength(2);
  });

  it('waits no longer than that for the rest of a piece', () => {
    busy = true;
    speaker.say('i', 0, audio(20));
    clock.advance(MOST_WAIT_FOR_PIECE_MS - 1);
    expect(media).toEqual([]);
    clock.advance(1);
    expect(sentMs()).toBe(20);
  });

  it('that waits for the rest of a piece is dropped like any other when it is stopped', () => {
    busy = true;
    speaker.say('i', 0, audio(20));
    expect(speaker.stop()).toMatchObject([{ itemId: 'i', heardMs: 0, existingMs: 20 }]);
    clock.advance(1_000);
    expect([media, clears, speaker.isQuiet]).toEqual([[], 0, true]);
  });
});

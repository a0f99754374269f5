import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '../clock/index.js';
import { CallMedia, type MediaFrame } from './call-media.js';

function startedMedia(): { clock: FakeClock; media: CallMedia; frames: MediaFrame[] } {
  const clock = new FakeClock();
  const media = new CallMedia(clock);
  const frames: MediaFrame[] = [];
  media.onFrame((frame) => frames.push(frame));
  media.start();
  return { clock, media, frames };
}

describe('CallMedia', () => {
  it('carries one frame of 160 bytes each way every 20 ms', () => {
    const { clock, frames } = startedMedia();
    clock.advance(1000);
    expect(frames).toHaveLength(50);
    expect(frames.at(-1)?.atMs).toBe(980);
    expect(frames.every((frame) => frame.fromCaller.length === 160)).toBe(true);
  });

  it('sends silence while the caller says nothing', () => {
    const { clock, frames } = startedMedia();
    clock.advance(20);
    expect([...new Set(frames[0]?.fromCaller)]).toEqual([0xff]);
    expect(frames[0]?.callerSpeaks).toBe(false);
  });

  it('does not drift when the timer comes late: what fell due is carried and the next frame keeps its place', () => {
    let nowMs = 0;
    let run: (() => void) | undefined;
    let delayMs = 0;
    const media = new CallMedia({
      nowMs: () => nowMs,
      after: (delay, callback) => ((delayMs = delay), (run = callback), () => undefined),
    });
    const frames: number[] = [];
    media.onFrame((frame) => frames.push(frame.atMs));
    media.start();
    nowMs = 67;
    run?.();
    expect(frames).toEqual([0, 20, 40]);
    expect(delayMs).toBe(13);
  });

  it('speaks one thing after the other and says when each is through', async () => {
    const { clock, media, frames } = startedMedia();
    const first = media.say(new Uint8Array(320).fill(1));
    const second = media.say(new Uint8Array(160).fill(2));
    clock.advance(80);
    expect(await first).toBe(true);
    expect(await second).toBe(true);
    expect(frames.map((frame) => frame.fromCaller[0])).toEqual([1, 1, 2, 0xff]);
  });

  it('tells a speaker who was cut off by the end of the call', async () => {
    const { clock, media } = startedMedia();
    const speech = media.say(new Uint8Array(1600));
    clock.advance(40);
    media.stop();
    expect(await speech).toBe(false);
    expect(await media.say(new Uint8Array(160))).toBe(false);
  });

  it('reports a mark in the tick after the frame before it has played', () => {
    const { clock, media, frames } = startedMedia();
    media.playout.append(new Uint8Array(160));
    media.playout.mark('m');
    clock.advance(40);
    expect(frames.map((frame) => frame.marksDue)).toEqual([[], ['m']]);
  });
});

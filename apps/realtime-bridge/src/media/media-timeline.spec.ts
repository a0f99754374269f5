import { describe, expect, it } from '@jest/globals';
import { MediaTimeline } from './media-timeline.js';

const frame = Buffer.alloc(160).toString('base64');

describe("the caller's clocks", () => {
  it('agree while frames come without a gap', () => {
    const timeline = new MediaTimeline();
    for (let i = 0; i < 100; i++) timeline.frame(frame, i * 20, 5_000 + i * 20);
    expect(timeline.mediaTime(1_000)).toBe(1_000);
    expect(timeline.arrivedAtMs(1_000, 0)).toBe(5_980);
    expect(timeline.nowOnMediaClock(7_000)).toBe(2_020);
  });

  it('differ by the time a muted phone sent nothing', () => {
    const timeline = new MediaTimeline();
    timeline.frame(frame, 0, 0);
    timeline.frame(frame, 3_000, 3_000);
    expect(timeline.mediaTime(40)).toBe(3_020);
  });

  it('go on by themselves while the model is given silence in place of frames', () => {
    const timeline = new MediaTimeline();
    for (let i = 0; i < 50; i++) timeline.frame(frame, i * 20, 5_000 + i * 20);
    for (let i = 0; i < 25; i++) timeline.filled(20);
    // The caller's last sound came in when it did, however much silence of ours the model has heard behind it.
    expect(timeline.arrivedAtMs(900, 0)).toBe(5_880);
    expect(timeline.mediaTime(900)).toBe(900);
    expect(timeline.mediaTime(1_500)).toBe(1_500);
    timeline.frame(frame, 4_500, 9_500);
    expect(timeline.mediaTime(1_520)).toBe(4_520);
  });

  it('know what was said before a muted phone sent nothing from what was said after it', () => {
    const timeline = new MediaTimeline();
    for (let i = 0; i < 50; i++) timeline.frame(frame, i * 20, 9_000 + i * 20);
    for (let i = 0; i < 25; i++) timeline.frame(frame, 6_000 + i * 20, 15_000 + i * 20);
    expect([800, 1_000, 1_020, 1_500].map((inputMs) => timeline.mediaTime(inputMs))).toEqual([
      800, 1_000, 6_020, 6_500,
    ]);
    expect([1_000, 1_020].map((inputMs) => timeline.arrivedAtMs(inputMs, 0))).toEqual([9_980, 15_000]);
  });

  it('forget the oldest pauses of a phone that has many', () => {
    const timeline = new MediaTimeline();
    for (let i = 0; i < 200; i++) timeline.frame(frame, i * 40, i * 40);
    expect(timeline.mediaTime(200 * 20)).toBe(199 * 40 + 20);
    expect(timeline.mediaTime(180 * 20)).toBe(179 * 40 + 20);
  });

  it('stand at the beginning before the first frame', () => {
    const timeline = new MediaTimeline();
    expect([timeline.nowOnMediaClock(9_999), timeline.mediaTime(0), timeline.arrivedAtMs(500, 77)]).toEqual([
      0, 0, 77,
    ]);
  });
});

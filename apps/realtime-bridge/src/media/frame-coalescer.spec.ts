import { beforeEach, describe, expect, it } from '@jest/globals';
import { FrameCoalescer, TURN_HAS_ENDED_AFTER_MS, TURN_MAY_END_AFTER_MS } from './frame-coalescer.js';

const FRAME_MS = 20;
const LOUD = 0x80;
const QUIET = 0xff;

/** A frame whose first byte tells it from others. */
const frame = (serial: number, filling = LOUD, bytes = 160): Buffer =>
  Buffer.from([serial, ...new Uint8Array(bytes - 1).fill(filling)]);

describe("the caller's frames on their way to the model", () => {
  let busy: boolean;
  let sent: Buffer[];
  let coalescer: FrameCoalescer;

  const push = (...frames: Buffer[]): void => {
    for (const bytes of frames) coalescer.push(bytes.toString('base64'));
  };
  const quietFrames = (ms: number): Buffer[] =>
    Array.from({ length: ms / FRAME_MS }, () => frame(QUIET, QUIET));

  beforeEach(() => {
    busy = true;
    sent = [];
    coalescer = new FrameCoalescer(
      () => busy,
      (audio) => sent.push(Buffer.from(audio, 'base64')),
    );
  });

  it('go on one by one, at once and untouched, while the process is not busy', () => {
    busy = false;
    push(frame(1), frame(2));
    expect(sent).toEqual([frame(1), frame(2)]);
  });

  it('go on three in one message while it is', () => {
    push(frame(1), frame(2));
    expect(sent).toEqual([]);
    push(frame(3), frame(4));
    expect(sent).toEqual([Buffer.concat([frame(1), frame(2), frame(3)])]);
  });

  it('keep their order when the process comes to rest with some still waiting', () => {
    push(frame(1));
    busy = false;
    push(frame(2), frame(3));
    expect(sent).toEqual([Buffer.concat([frame(1), frame(2)]), frame(3)]);
  });

  it('are not held back where a turn may be ending', () => {
    push(frame(1), frame(2), frame(3));
    push(...quietFrames(TURN_MAY_END_AFTER_MS));
    sent = [];
    push(...quietFrames(TURN_HAS_ENDED_AFTER_MS - TURN_MAY_END_AFTER_MS - FRAME_MS));
    expect(sent.map(({ length }) => length)).toEqual(Array<number>(39).fill(160));
    sent = [];
    push(...quietFrames(120));
    expect(sent.map(({ length }) => length)).toEqual([480, 480]);
  });

  it('are held back again when the caller goes on', () => {
    push(frame(1), ...quietFrames(TURN_MAY_END_AFTER_MS + 40));
    sent = [];
    push(frame(2), frame(3));
    expect(sent).toEqual([]);
  });

  it('of another length lose and gain nothing', () => {
    const frames = [frame(1, LOUD, 400), frame(2, LOUD, 100), frame(3, LOUD, 1_000), frame(4)];
    push(...frames);
    coalescer.flush();
    expect(Buffer.concat(sent)).toEqual(Buffer.concat(frames));
  });

  it('wait no longer when something must not overtake them', () => {
    push(frame(1));
    coalescer.flush();
    coalescer.flush();
    expect(sent).toEqual([frame(1)]);
  });
});

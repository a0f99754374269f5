import { describe, expect, it } from '@jest/globals';
import { answersIn, overlapMs, speechSegments, stopsWithinMs } from './segments.js';

const PER_MS = 8;

/** A channel on which a tone sounds in these stretches, faint noise everywhere. */
const channel = (lengthMs: number, ...sounds: readonly (readonly [fromMs: number, untilMs: number])[]) => {
  const samples = Int16Array.from({ length: lengthMs * PER_MS }, (_, i) => (i % 2 ? 20 : -20));
  for (const [fromMs, untilMs] of sounds)
    for (let i = fromMs * PER_MS; i < untilMs * PER_MS; i += 1)
      samples[i] = Math.round(4_000 * Math.sin((2 * Math.PI * 300 * i) / 8_000));
  return samples;
};

describe('the speech on a channel', () => {
  it('is found where it is, to ten milliseconds', () => {
    expect(speechSegments(channel(3_000, [500, 1_230], [2_000, 2_760]))).toEqual([
      { fromMs: 500, untilMs: 1_230 },
      { fromMs: 2_000, untilMs: 2_760 },
    ]);
  });

  it('goes on over the pauses of a breath, and as finely as it is asked for', () => {
    const samples = channel(2_000, [100, 400], [800, 1_000], [1_410, 1_500]);
    expect(speechSegments(samples)).toEqual([
      { fromMs: 100, untilMs: 1_000 },
      { fromMs: 1_410, untilMs: 1_500 },
    ]);
    expect(speechSegments(samples, 0)).toHaveLength(3);
  });

  it('is none in noise', () => {
    expect(speechSegments(channel(1_000))).toEqual([]);
  });
});

describe('two sides', () => {
  it("have gaps from the end of the caller's turn to what was said to it, and none where nothing was", () => {
    const caller = speechSegments(channel(9_000, [0, 1_000], [3_000, 4_000], [6_000, 7_000]));
    const assistant = speechSegments(channel(9_000, [1_730, 2_500], [7_450, 8_000]));
    expect(answersIn(caller, assistant)).toEqual([
      { callerStoppedMs: 1_000, beganMs: 1_730, gapMs: 730 },
      { callerStoppedMs: 7_000, beganMs: 7_450, gapMs: 450 },
    ]);
  });

  it('overlap as long as both sound', () => {
    const caller = speechSegments(channel(5_000, [0, 1_000], [2_000, 3_000]));
    const assistant = speechSegments(channel(5_000, [900, 2_140], [4_000, 4_500]));
    expect(overlapMs(caller, assistant)).toBe(240);
    expect(overlapMs(caller, [])).toBe(0);
  });

  it('tell how long the assistant went on when it was spoken over', () => {
    const assistant = speechSegments(channel(5_000, [1_000, 2_140]));
    expect(stopsWithinMs(assistant, 2_000)).toBe(140);
    expect(stopsWithinMs(assistant, 3_000)).toBe(0);
  });
});

import { beforeAll, describe, expect, it } from '@jest/globals';
import { decodeMuLaw } from '../speech/mulaw.js';
import { createSpeech } from '../speech/speech.js';
import { followSpeech } from './follow-speech.js';
import { speechSegments } from './segments.js';

const PER_MS = 8;
const silence = (ms: number): Int16Array => new Int16Array(ms * PER_MS);
const join = (...parts: readonly Int16Array[]): Int16Array =>
  Int16Array.from(parts.flatMap((part) => [...part]));

let sentence: Int16Array;
let other: Int16Array;
/** A stretch of the sentence, in milliseconds. */
const part = (fromMs: number, untilMs?: number): Int16Array =>
  sentence.subarray(fromMs * PER_MS, untilMs === undefined ? undefined : untilMs * PER_MS);

beforeAll(async () => {
  const speech = createSpeech();
  sentence = decodeMuLaw(await speech.speak('Thank you, Marie. Which day suits you?', 'en', 'assistant'));
  other = decodeMuLaw(await speech.speak('Goodbye, and have a nice day.', 'en', 'assistant'));
});

const WHOLE = { isWhole: true, missingMs: 0, longestAddedGapMs: 0 };

describe('a known sentence on a channel', () => {
  it('is found whole between others, at its place', () => {
    const channel = join(silence(700), other, silence(333), sentence, silence(500));
    const fromMs = 700 + other.length / PER_MS + 333;
    expect(followSpeech(sentence, channel)).toMatchObject({ ...WHOLE, fromMs });
  });

  it('is found again behind the place from which it is looked for', () => {
    const channel = join(sentence, silence(500), sentence);
    const [first, second] = [followSpeech(sentence, channel), followSpeech(sentence, channel, 1_000)];
    expect(first).toMatchObject({ ...WHOLE, fromMs: 0 });
    expect(second).toMatchObject({ ...WHOLE, fromMs: sentence.length / PER_MS + 500 });
  });

  it('is not found where another was said', () => {
    expect(followSpeech(sentence, join(silence(100), other, silence(100)))).toBeUndefined();
  });

  it.each([40, 137, 900])(
    'has the pause of %d ms that was put into it, in a word or between two',
    (gapMs) => {
      for (const cutMs of [403, 1_050]) {
        const channel = join(silence(200), part(0, cutMs), silence(gapMs), part(cutMs), silence(200));
        const followed = followSpeech(sentence, channel);
        expect(followed).toMatchObject({ isWhole: true, missingMs: 0, fromMs: 200 });
        expect(Math.abs((followed?.longestAddedGapMs ?? 0) - gapMs)).toBeLessThanOrEqual(1);
      }
    },
  );

  it.each([20, 60, 400])('lacks the %d ms that were lost in its middle', (lostMs) => {
    const channel = join(silence(200), part(0, 400), part(400 + lostMs), silence(200));
    const followed = followSpeech(sentence, channel);
    expect(followed?.isWhole).toBe(false);
    const audibleMs = speechSegments(part(400, 400 + lostMs), 0).reduce(
      (sum, s) => sum + s.untilMs - s.fromMs,
      0,
    );
    expect(Math.abs((followed?.missingMs ?? 0) - audibleMs)).toBeLessThanOrEqual(20);
  });

  it('is not whole when it was broken off', () => {
    const followed = followSpeech(sentence, join(silence(200), part(0, 403), silence(3_000)));
    expect(followed).toMatchObject({ isWhole: false, missingMs: 0, fromMs: 200 });
    expect(Math.abs((followed?.untilMs ?? 0) - 603)).toBeLessThanOrEqual(2);
  });

  it('is whole in spite of a little noise', () => {
    const noisy = Int16Array.from(
      join(silence(100), sentence, silence(100)),
      (sample, i) => sample + (i % 7) * 5,
    );
    expect(followSpeech(sentence, noisy)).toMatchObject(WHOLE);
  });
});

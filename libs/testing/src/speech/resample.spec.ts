import { describe, expect, it } from '@jest/globals';
import { resample } from './resample.js';

const tone = (hz: number, rateHz: number, seconds: number): Int16Array =>
  Int16Array.from({ length: rateHz * seconds }, (_, i) => 10_000 * Math.sin((2 * Math.PI * hz * i) / rateHz));

const rms = (samples: Int16Array): number =>
  Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);

describe('resample', () => {
  it('keeps a tone inside the new band, at its pitch and loudness', () => {
    const out = resample(tone(1_000, 22_050, 0.5), 22_050, 8_000);
    const expected = tone(1_000, 8_000, 0.5);
    const error = Int16Array.from(out.subarray(200, 3_800), (value, i) => value - (expected[i + 200] ?? 0));
    expect(rms(error)).toBeLessThan(rms(expected) / 200);
  });

  it('removes what lies above the new band, instead of folding it back', () => {
    expect(rms(resample(tone(6_000, 22_050, 0.5), 22_050, 8_000).subarray(200, 3_800))).toBeLessThan(20);
  });
});

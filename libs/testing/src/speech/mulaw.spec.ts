import { describe, expect, it } from '@jest/globals';
import { decodeMuLaw, encodeMuLaw, muLawSilence, rmsOfMuLaw, wholeFrames } from './mulaw.js';

describe('mu-law', () => {
  it('gives back every byte that it decodes, but for the second zero', () => {
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const again = encodeMuLaw(decodeMuLaw(every));
    expect([...again].filter((byte, index) => byte !== index)).toEqual([0xff]);
    expect(again[0x7f]).toBe(0xff);
  });

  it('matches the values that G.711 tabulates', () => {
    expect([...decodeMuLaw(Uint8Array.of(0x00, 0x80, 0xff, 0x8f, 0x70))]).toEqual([
      -32_124, 32_124, 0, 16_764, -120,
    ]);
    expect([...encodeMuLaw(Int16Array.of(0, 32_767, -32_768, 1_000))]).toEqual([0xff, 0x80, 0x00, 0xce]);
  });

  it('measures silence as silent and a full-scale tone as loud', () => {
    expect(rmsOfMuLaw(muLawSilence(20))).toBe(0);
    const tone = Int16Array.from({ length: 800 }, (_, i) => 20_000 * Math.sin(i / 3));
    expect(rmsOfMuLaw(encodeMuLaw(tone))).toBeGreaterThan(13_000);
  });

  it('fills the last frame with silence', () => {
    expect(wholeFrames(new Uint8Array(161))).toHaveLength(320);
    expect(wholeFrames(new Uint8Array(161)).at(-1)).toBe(0xff);
  });
});

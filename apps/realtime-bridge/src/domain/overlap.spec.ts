import { describe, expect, it } from '@jest/globals';
import { Overlap } from './overlap.js';

describe('the time in which both are heard', () => {
  it.each<[string, number, number | undefined, number, number]>([
    ['lasts until we fall silent', 1_000, 1_200, 3_000, 200],
    ['lasts until the caller does', 1_000, undefined, 1_300, 300],
    ['lasts until the first of both does, also when that is known late', 1_000, 1_700, 1_300, 300],
    ['is none when we had fallen silent before he was known to speak', 1_000, 900, 1_300, 0],
  ])('%s', (_, fromMs, silentAtMs, callerUntilMs, overlapMs) => {
    const overlap = new Overlap();
    overlap.began(fromMs);
    if (silentAtMs !== undefined) overlap.weFellSilent(silentAtMs);
    expect(overlap.callerFellSilent(callerUntilMs)).toBe(overlapMs);
  });

  it('is none when only one is', () => {
    const overlap = new Overlap();
    overlap.weFellSilent(10);
    expect(overlap.callerFellSilent(20)).toBe(0);
  });
});

import { describe, expect, it } from '@jest/globals';
import { RateLimit } from './rate-limit.js';

describe('the rate limit', () => {
  it('lets a burst pass, then asks to wait, then lets pass again', () => {
    let now = 0;
    const limit = new RateLimit(2, () => now);
    const burst = Array.from({ length: 7 }, () => limit.take('a'));
    expect(burst).toEqual([0, 0, 0, 0, 0, 0, 1]);
    now = 1_000;
    expect([limit.take('a'), limit.take('a'), limit.take('a')]).toEqual([0, 0, 1]);
  });

  it('counts each key by itself', () => {
    const limit = new RateLimit(1, () => 0);
    for (let n = 0; n < 4; n++) limit.take('a');
    expect(limit.take('a')).toBe(1);
    expect(limit.take('b')).toBe(0);
  });
});

import { describe, expect, it } from '@jest/globals';
import { SilenceNudge } from './silence-nudge.js';

describe('silence', () => {
  it('is broken after its time, counted from its beginning', () => {
    const silence = new SilenceNudge(6_000);
    expect(silence.observe(true, 1_000)).toBe(6_000);
    expect(silence.observe(true, 3_000)).toBe(4_000);
    expect(silence.due(6_999)).toBe('none');
    expect(silence.due(7_000)).toBe('nudge');
  });

  it('begins anew whenever somebody speaks', () => {
    const silence = new SilenceNudge(6_000);
    silence.observe(true, 0);
    expect(silence.observe(false, 5_000)).toBeUndefined();
    expect(silence.due(60_000)).toBe('none');
    expect(silence.observe(true, 60_000)).toBe(6_000);
  });

  it('is broken twice, then the call is closed', () => {
    const silence = new SilenceNudge(1_000);
    const actions = [0, 10_000, 20_000].map((atMs) => {
      silence.observe(true, atMs);
      return silence.due(atMs + 1_000);
    });
    expect(actions).toEqual(['nudge', 'nudge', 'close']);
    expect(silence.totalNudges).toBe(2);
  });

  it('may be broken twice again after the caller has said something', () => {
    const silence = new SilenceNudge(1_000);
    for (const atMs of [0, 10_000]) {
      silence.observe(true, atMs);
      silence.due(atMs + 1_000);
    }
    silence.callerSaidSomething();
    silence.observe(true, 20_000);
    expect(silence.due(21_000)).toBe('nudge');
  });
});

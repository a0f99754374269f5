import { describe, expect, it } from '@jest/globals';
import { healsByItself, retryAfterMs } from './remote-trouble.js';
import { decideRetry } from './retry-verdict.js';

const now = new Date('2026-11-22T12:00:00Z');
const delivery = { target: 'hubspot' as const, attempts: 3, owedAt: now };
const transient = { kind: 'transient' as const, words: 'HubSpot is busy.' };

describe('the verdict on a failed attempt', () => {
  it('doubles the bound of the delay with every attempt, and takes any part of it', () => {
    expect(decideRetry(transient, delivery, now, () => 1)).toMatchObject({ kind: 'retry', delayMs: 4_000 });
    expect(decideRetry(transient, { ...delivery, attempts: 4 }, now, () => 1)).toMatchObject({
      delayMs: 8_000,
    });
    expect(decideRetry(transient, delivery, now, () => 0)).toMatchObject({ delayMs: 0 });
  });

  it('never waits longer than the bound, however many attempts there were', () => {
    expect(decideRetry(transient, { ...delivery, attempts: 2_000 }, now, () => 1)).toMatchObject({
      delayMs: 15 * 60_000,
    });
  });

  it('waits at least as long as the remote asked', () => {
    expect(decideRetry({ ...transient, retryAfterMs: 30_000 }, delivery, now, () => 0)).toMatchObject({
      delayMs: 30_000,
    });
  });

  it('does not retry what needs a person', () => {
    expect(decideRetry({ kind: 'permanent', words: 'The token was refused.' }, delivery, now)).toEqual({
      kind: 'failed',
      words: 'The token was refused.',
    });
  });

  it('gives up after two days, and says so', () => {
    const owedAt = new Date(now.getTime() - 48 * 3_600_000);
    expect(decideRetry(transient, { ...delivery, owedAt }, now, () => 1)).toMatchObject({
      kind: 'failed',
      words: expect.stringContaining('48 hours'),
    });
  });

  it.each([
    [408, true],
    [425, true],
    [429, true],
    [500, true],
    [503, true],
    [400, false],
    [401, false],
    [403, false],
    [404, false],
    [409, false],
    [422, false],
    [301, false],
  ])('status %i may heal by itself: %s', (status, heals) => {
    expect(healsByItself(status)).toBe(heals);
  });

  it.each([
    ['3', 3_000],
    ['Sun, 22 Nov 2026 12:00:10 GMT', 10_000],
    ['-5', 0],
    ['999999999', 86_400_000],
    ['soon', undefined],
    [null, undefined],
  ])('reads Retry-After %j as %j ms', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});

import { describe, expect, it } from '@jest/globals';
import { backOffMs } from './back-off.js';

const middle = (): number => 0.5;

describe('back-off', () => {
  it.each([
    [1, 500],
    [2, 1_000],
    [3, 2_000],
    [6, 30_000],
    [60, 30_000],
  ])('after delivery %i waits %i ms', (deliveryCount, wait) => {
    expect(backOffMs(deliveryCount, middle)).toBe(wait);
  });

  it('spreads by a fifth either way', () => {
    expect([backOffMs(2, () => 0), backOffMs(2, () => 1)]).toEqual([800, 1_200]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { normaliserFor } from './phone-numbers.js';

describe('normaliserFor', () => {
  it.each([
    ['CA', '613 555 0142', '+16135550142'],
    ['CA', '6135550142', '+16135550142'],
    ['FR', '06 12 34 56 78', '+33612345678'],
    ['PH', '0917 123 4567', '+639171234567'],
    ['MX', '55 1234 5678', '+525512345678'],
    ['CA', '+63 917 123 4567', '+639171234567'],
    ['nowhere', '+16135550142', '+16135550142'],
  ])('reads numbers as they are dialled in %s: %s', (region, said, e164) => {
    expect(normaliserFor(region)(said)).toBe(e164);
  });

  it.each([
    ['CA', '555 01'],
    ['nowhere', '613 555 0142'],
    ['CA', 'you have it'],
  ])('finds none that can be dialled in %s: %s', (region, said) => {
    expect(normaliserFor(region)(said)).toBeUndefined();
  });
});

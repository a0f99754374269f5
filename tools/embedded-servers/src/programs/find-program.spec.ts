import { describe, expect, it } from '@jest/globals';
import { atLeast } from './find-program.ts';

describe('a version', () => {
  it.each([
    ['2.10.27', '2.10', true],
    ['2.9.10', '2.10', false],
    ['18.4', '15', true],
    ['7', '6.2', true],
    ['6.2', '6.2.1', false],
  ])('%s as %s or newer: %s', (version, minimum, fits) => {
    expect(atLeast(version, minimum)).toBe(fits);
  });
});

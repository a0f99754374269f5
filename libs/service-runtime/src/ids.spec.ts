import { describe, expect, it } from '@jest/globals';
import { newId } from './ids.js';

describe('newId', () => {
  it('is the prefix and a UUIDv7', () => {
    expect(newId('ld')).toMatch(/^ld_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  });

  it('sorts by the time it was made', () => {
    const madeAtMs = parseInt(newId('ca').slice(3, 15), 16);
    expect(Math.abs(Date.now() - madeAtMs)).toBeLessThan(1_000);
  });

  it('does not repeat', () => {
    expect(new Set(Array.from({ length: 5_000 }, () => newId('ev'))).size).toBe(5_000);
  });

  it('refuses a prefix that could not stand in a subject', () => {
    expect(() => newId('a.b')).toThrow(/not an id prefix/);
  });
});

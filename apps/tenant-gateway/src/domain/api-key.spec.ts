import { describe, expect, it } from '@jest/globals';
import { readApiKey, writeApiKey } from './api-key.js';

const key = { keyId: 'a1b2c3d4e5f6g7h8', secret: 'S'.repeat(43) };

describe('an API key', () => {
  it('is read as it was written', () => {
    expect(readApiKey(writeApiKey(key))).toEqual(key);
  });

  it.each([
    '',
    'tl_',
    'Bearer tl_a1b2c3d4e5f6g7h8_x',
    `tl_a1b2c3d4e5f6g7h8_${'S'.repeat(42)}`,
    `tl_A1B2C3D4E5F6G7H8_${'S'.repeat(43)}`,
    `tl_a1b2c3d4e5f6g7h8_${'S'.repeat(42)}'`,
    ` ${writeApiKey(key)}`,
  ])('is not %j', (text) => {
    expect(readApiKey(text)).toBeUndefined();
  });
});

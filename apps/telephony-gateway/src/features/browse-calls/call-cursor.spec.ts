import { describe, expect, it } from '@jest/globals';
import { cursorAfter, positionOf } from './call-cursor.js';

describe('a cursor', () => {
  it('leads back to the call it was made of', () => {
    const position = { startedAt: new Date(1_763_800_000_123), callId: `ca_${'0'.repeat(32)}` };
    expect(positionOf(cursorAfter(position))).toEqual(position);
  });

  it.each(['x', 'e30', cursorAfter({ startedAt: new Date(1), callId: "ca_1' OR 1=1" })])(
    'that is none of ours is invalid: %s',
    (cursor) => {
      expect(positionOf(cursor)).toBe('invalid');
    },
  );

  it('is empty for the first page', () => {
    expect(positionOf('')).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import { MAX_UNREAD_BYTES, SocketPressure } from './socket-pressure.js';

describe('a peer that stops reading', () => {
  it('is told of once, beyond the bound', () => {
    let unread = 0;
    let stuck = 0;
    const pressure = new SocketPressure(
      () => unread,
      () => (stuck += 1),
    );
    for (unread of [0, MAX_UNREAD_BYTES, MAX_UNREAD_BYTES + 1, MAX_UNREAD_BYTES + 2, 0]) pressure.watch();
    expect(stuck).toBe(1);
    expect(pressure.peakBytes).toBe(MAX_UNREAD_BYTES + 2);
  });
});

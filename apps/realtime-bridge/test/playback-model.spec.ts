import { describe, expect, it } from '@jest/globals';
import { PLAYBACK_ACTIONS, playInterleaving } from './playback-actions.js';

const INTERLEAVINGS = 10_000;

describe('what the caller hears and what we know of it', () => {
  it(`agree in ${INTERLEAVINGS} random interleavings of speech, delays, losses and interruptions`, () => {
    let [cuts, losses] = [0, 0];
    for (let seed = 1; seed <= INTERLEAVINGS; seed += 1) {
      const { items, phone } = playInterleaving(seed, PLAYBACK_ACTIONS);
      cuts += items.filter(({ state }) => state === 'cut').length;
      losses += phone.echoesLost;
    }
    // Enough of what is rare has happened, or nothing has been proved.
    expect(cuts).toBeGreaterThan(INTERLEAVINGS);
    expect(losses).toBeGreaterThan(INTERLEAVINGS / 10);
  });
});

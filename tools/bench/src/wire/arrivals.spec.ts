import { describe, expect, it } from '@jest/globals';
import { Arrivals, lossesOf, type Arrived, type Gap } from './arrivals.ts';

const arrived = (call: number, sequences: readonly number[]): Arrived => {
  const arrivals = new Arrivals(call);
  for (const sequence of sequences) arrivals.take(sequence);
  return { ...arrivals, first: arrivals.first ?? null };
};
const losses = (sequences: readonly number[], sent: number, excused: readonly Gap[] = []) =>
  lossesOf([arrived(7, sequences)], new Map([[7, sent]]), excused);

describe('what became of the frames of a call', () => {
  it('is nothing when all came in order', () =>
    expect(losses([0, 1, 2, 3], 4)).toEqual({ atStart: 0, later: 0, disordered: 0 }));

  it('tells what was lost before the other side was open from what was lost later', () =>
    expect(losses([2, 3, 6], 8)).toEqual({ atStart: 2, later: 3, disordered: 0 }));

  it('counts what was overtaken and what came twice', () =>
    expect(losses([0, 2, 1, 2, 3], 4)).toEqual({ atStart: 0, later: 1, disordered: 2 }));

  it('counts a call of which nothing came as lost at its start', () =>
    expect(lossesOf([], new Map([[7, 5]]))).toEqual({ atStart: 5, later: 0, disordered: 0 }));

  it('excuses frames of an interrupted answer, of that call only', () => {
    expect(losses([0, 1, 6, 7], 8, [[7, 2, 4]]).later).toBe(1);
    expect(losses([0, 1, 6, 7], 8, [[8, 2, 4]]).later).toBe(4);
  });

  it('does not mind frames that came although nobody counted on them', () =>
    expect(losses([0, 1, 2], 2).later).toBe(0));
});

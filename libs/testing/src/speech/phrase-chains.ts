import { FRAME_BYTES } from './mulaw.js';
import type { Phrase } from './phrase.js';
import type { FrameHit } from './phrase-index.js';

/** One saying of a phrase in the arriving audio: which of its frames arrived, in their order. */
export interface Chain {
  readonly phrase: Phrase;
  readonly hits: readonly { readonly at: number; readonly frame: number }[];
}

/** Fewer frames than this could be chance, or the tail of something cut. */
const FEWEST_FRAMES = 3;

/** Sorts the hits into sayings of phrases, each hit to one saying, and returns these as they follow in time. */
export function chainsOf(hits: readonly FrameHit[]): Chain[] {
  const chosen: Chain[] = [];
  let candidates = candidatesOf(hits);
  while (candidates.length > 0) {
    const best = candidates.reduce((a, b) => (isBetter(b, a) ? b : a));
    chosen.push(best);
    const taken = new Set(best.hits.map((hit) => hit.at));
    candidates = candidates
      .filter((chain) => chain !== best)
      .map((chain) => ({ phrase: chain.phrase, hits: chain.hits.filter((hit) => !taken.has(hit.at)) }))
      .filter(isLongEnough);
  }
  return chosen.sort((a, b) => startOf(a) - startOf(b));
}

/** Whether every audible frame arrived, in place: nothing lost, damaged or put in between. */
export function isWhole({ phrase, hits }: Chain): boolean {
  const offset = startOf({ phrase, hits });
  return (
    hits.length === phrase.audibleFrames.length &&
    hits.every((hit) => hit.at - hit.frame * FRAME_BYTES === offset)
  );
}

/** Where the phrase would begin in the arriving audio. */
function startOf({ hits }: Chain): number {
  const first = hits[0];
  return first ? first.at - first.frame * FRAME_BYTES : 0;
}

function candidatesOf(hits: readonly FrameHit[]): Chain[] {
  const open = new Map<Phrase, { at: number; frame: number }[]>();
  const done: Chain[] = [];
  for (const { at, places } of hits) {
    const extended = new Set<Phrase>();
    for (const { phrase, frame } of places) {
      if (extended.has(phrase)) continue;
      extended.add(phrase);
      const chain = open.get(phrase);
      if (chain && frame > (chain.at(-1)?.frame ?? -1)) {
        chain.push({ at, frame });
      } else {
        // The phrase starts over: said twice.
        if (chain) done.push({ phrase, hits: chain });
        open.set(phrase, [{ at, frame }]);
      }
    }
  }
  for (const [phrase, chain] of open) done.push({ phrase, hits: chain });
  return done.filter(isLongEnough);
}

function isLongEnough({ phrase, hits }: Chain): boolean {
  return hits.length >= Math.min(FEWEST_FRAMES, phrase.audibleFrames.length) && hits.length > 0;
}

/** More frames explained is better; among equals the phrase of which more arrived. */
function isBetter(a: Chain, b: Chain): boolean {
  if (a.hits.length !== b.hits.length) return a.hits.length > b.hits.length;
  return a.phrase.audibleFrames.length < b.phrase.audibleFrames.length;
}

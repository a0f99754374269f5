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
    for (const phrase of new Set(places.map((place) => place.phrase))) {
      const chain = open.get(phrase);
      const frames = places.filter((place) => place.phrase === phrase).map((place) => place.frame);
      const next = nextFrame(frames, at, chain?.at(-1));
      if (chain && next !== undefined) {
        chain.push({ at, frame: next });
      } else {
        // The phrase starts over: said twice.
        if (chain) done.push({ phrase, hits: chain });
        open.set(phrase, [{ at, frame: frames[0] ?? 0 }]);
      }
    }
  }
  for (const [phrase, chain] of open) done.push({ phrase, hits: chain });
  return done.filter(isLongEnough);
}

/** Of frames that sound alike, the one that is due now, else the first that is still to come. */
function nextFrame(
  frames: readonly number[],
  at: number,
  last: { at: number; frame: number } | undefined,
): number | undefined {
  if (!last) return undefined;
  const due = last.frame + (at - last.at) / FRAME_BYTES;
  return frames.includes(due) ? due : frames.find((frame) => frame > last.frame);
}

function isLongEnough({ phrase, hits }: Chain): boolean {
  return hits.length >= Math.min(FEWEST_FRAMES, phrase.audibleFrames.length) && hits.length > 0;
}

/** More frames explained is better; among equals the phrase of which more arrived. */
function isBetter(a: Chain, b: Chain): boolean {
  if (a.hits.length !== b.hits.length) return a.hits.length > b.hits.length;
  return a.phrase.audibleFrames.length < b.phrase.audibleFrames.length;
}

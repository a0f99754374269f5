import { FRAME_BYTES } from './mulaw.js';
import type { Phrase } from './phrase.js';

const BASE = 0x01000193;
/** BASE to the power FRAME_BYTES - 1, modulo 2^32: what the oldest byte of a window weighs. */
const OLDEST_WEIGHT = Array.from({ length: FRAME_BYTES - 1 }).reduce<number>(
  (weight) => Math.imul(weight, BASE),
  1,
);

export interface Place {
  readonly phrase: Phrase;
  readonly frame: number;
}

/** A stretch of arriving audio that is, byte for byte, a frame of at least one known phrase. */
export interface FrameHit {
  /** Byte offset in the arriving audio; need not be a multiple of a frame. */
  readonly at: number;
  readonly places: readonly Place[];
}

/** Finds frames of known phrases in arriving audio at any byte offset, by a rolling hash. */
export class PhraseIndex {
  private readonly places = new Map<number, Place[]>();

  add(phrase: Phrase): void {
    for (const frame of phrase.audibleFrames) {
      const hash = hashOf(phrase.audio, frame * FRAME_BYTES);
      const known = this.places.get(hash);
      if (known) known.push({ phrase, frame });
      else this.places.set(hash, [{ phrase, frame }]);
    }
  }

  remove(phrase: Phrase): void {
    for (const frame of phrase.audibleFrames) {
      const hash = hashOf(phrase.audio, frame * FRAME_BYTES);
      const left = this.places.get(hash)?.filter((place) => place.phrase !== phrase) ?? [];
      if (left.length > 0) this.places.set(hash, left);
      else this.places.delete(hash);
    }
  }

  find(audio: Uint8Array): FrameHit[] {
    const hits: FrameHit[] = [];
    let at = 0;
    let hash = audio.length >= FRAME_BYTES ? hashOf(audio, 0) : 0;
    while (at + FRAME_BYTES <= audio.length) {
      let places = this.placesAt(hash, audio, at);
      if (places.length > 0) {
        // A soft frame of another phrase may fit across two frames: the rhythm of the last hit tells which is meant.
        const inRhythm = at + (((((hits.at(-1)?.at ?? at) - at) % FRAME_BYTES) + FRAME_BYTES) % FRAME_BYTES);
        const better = inRhythm === at ? [] : this.placesIn(audio, inRhythm);
        if (better.length > 0) [at, places] = [inRhythm, better];
        hits.push({ at, places });
        at += FRAME_BYTES;
        if (at + FRAME_BYTES <= audio.length) hash = hashOf(audio, at);
      } else {
        hash =
          (Math.imul(hash - Math.imul(audio[at] ?? 0, OLDEST_WEIGHT), BASE) +
            (audio[at + FRAME_BYTES] ?? 0)) |
          0;
        at += 1;
      }
    }
    return hits;
  }

  private placesIn(audio: Uint8Array, at: number): Place[] {
    return at + FRAME_BYTES <= audio.length ? this.placesAt(hashOf(audio, at), audio, at) : [];
  }

  private placesAt(hash: number, audio: Uint8Array, at: number): Place[] {
    return this.places.get(hash)?.filter((place) => isSameFrame(audio, at, place)) ?? [];
  }
}

function hashOf(audio: Uint8Array, from: number): number {
  let hash = 0;
  for (let i = from; i < from + FRAME_BYTES; i += 1) hash = (Math.imul(hash, BASE) + (audio[i] ?? 0)) | 0;
  return hash;
}

function isSameFrame(audio: Uint8Array, at: number, { phrase, frame }: Place): boolean {
  const from = frame * FRAME_BYTES;
  for (let i = 0; i < FRAME_BYTES; i += 1) if (audio[at + i] !== phrase.audio[from + i]) return false;
  return true;
}

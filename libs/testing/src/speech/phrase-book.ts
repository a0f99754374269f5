import { BYTES_PER_MS, FRAME_BYTES, rmsOfMuLaw } from './mulaw.js';
import { phraseOf, type Phrase } from './phrase.js';
import { chainsOf, isWhole, type Chain } from './phrase-chains.js';
import { PhraseIndex, type FrameHit } from './phrase-index.js';

export interface Recognition {
  /** What was heard; empty for silence, `[unintelligible]` for sound in which nothing is known. */
  readonly text: string;
  /** Whether whole sentences arrived complete and undamaged, and nothing else with them. */
  readonly exact: boolean;
  /** Share of the recognised sentences' audible frames that arrived, 0 to 1; 0 when none was recognised. */
  readonly matchedRatio: number;
  /** Language of the sentence of which most was heard, as it was registered. */
  readonly language: string | undefined;
}

export const UNINTELLIGIBLE = '[unintelligible]';

const DEFAULT_CAPACITY = 1_000;
/** A word of which this much arrived is understood; people bridge a lost frame too. */
const UNDERSTOOD_RATIO = 0.9;
/** Below this share of its frames a word is not noticed at all. */
const NOTICED_RATIO = 0.5;
/** Louder than what a pause inside a known sentence may hold. */
const FOREIGN_SOUND_RMS = 300;
const FOREIGN_SOUND_LIMIT_MS = 40;

/**
 * Recognises sentences by nothing but their sound. Whoever speaks registers what a text sounds like; whoever
 * listens hands in the audio that arrived. No call id passes here, so audio that reaches the wrong call is
 * heard in the wrong call, and a lost frame is a hole in a word.
 */
export class PhraseBook {
  private readonly index = new PhraseIndex();
  private readonly phrases = new Map<string, Phrase>();

  constructor(private readonly capacity = DEFAULT_CAPACITY) {}

  /** Makes a spoken text known. The oldest is forgotten beyond the book's capacity; registering again renews it. */
  register(text: string, language: string, mulaw: Uint8Array): void {
    const key = `${language}|${text}|${mulaw.length}|${Buffer.from(mulaw.subarray(0, 4_000)).toString('latin1')}`;
    const known = this.phrases.get(key);
    this.phrases.delete(key);
    const phrase = known ?? phraseOf(text, language, withOneZero(mulaw));
    this.phrases.set(key, phrase);
    if (!known) this.index.add(phrase);
    this.forgetOldest();
  }

  recognise(audio: Uint8Array): Recognition {
    const mulaw = withOneZero(audio);
    const hits = this.index.find(mulaw);
    const chains = chainsOf(hits);
    const foreignMs = foreignSoundMs(mulaw, hits);
    const heard = chains.map(wordsHeard).filter(Boolean).join(' ');
    const expected = chains.reduce((sum, chain) => sum + chain.phrase.audibleFrames.length, 0);
    const matched = chains.reduce((sum, chain) => sum + chain.hits.length, 0);
    const clean = foreignMs < FOREIGN_SOUND_LIMIT_MS;
    return {
      text: heard || (clean && chains.length === 0 ? '' : UNINTELLIGIBLE),
      exact: clean && chains.length > 0 && chains.every(isWhole),
      matchedRatio: expected === 0 ? 0 : matched / expected,
      language: [...chains].sort((a, b) => b.hits.length - a.hits.length)[0]?.phrase.language,
    };
  }

  private forgetOldest(): void {
    while (this.phrases.size > this.capacity) {
      const [key, phrase] = this.phrases.entries().next().value ?? [];
      if (key === undefined || phrase === undefined) return;
      this.phrases.delete(key);
      this.index.remove(phrase);
    }
  }
}

/** Mu-law has two codes for zero, and whoever converts to PCM and back makes one of the other. */
function withOneZero(audio: Uint8Array): Uint8Array {
  return audio.map((byte) => (byte === 0x7f ? 0xff : byte));
}

function wordsHeard({ phrase, hits }: Chain): string {
  const arrived = new Set(hits.map((hit) => hit.frame));
  return phrase.words
    .map((word) => {
      const share =
        word.frames.length === 0
          ? 1
          : word.frames.filter((frame) => arrived.has(frame)).length / word.frames.length;
      if (share >= UNDERSTOOD_RATIO) return word.text;
      return share >= NOTICED_RATIO ? garbled(word.text, share) : '';
    })
    .filter(Boolean)
    .join(' ')
    .trim();
}

/** A word half heard: its beginning, as far as its sound arrived. */
function garbled(word: string, share: number): string {
  return `${word.slice(0, Math.max(1, Math.floor(word.length * share) - 1))}…`;
}

/** How long something was audible that belongs to no known frame. */
function foreignSoundMs(audio: Uint8Array, hits: readonly FrameHit[]): number {
  let foreignBytes = 0;
  let from = 0;
  for (const to of [...hits.map((hit) => hit.at), audio.length]) {
    for (let at = from; at < to; at += FRAME_BYTES) {
      const end = Math.min(at + FRAME_BYTES, to);
      if (rmsOfMuLaw(audio, at, end) > FOREIGN_SOUND_RMS) foreignBytes += end - at;
    }
    from = to + FRAME_BYTES;
  }
  return foreignBytes / BYTES_PER_MS;
}

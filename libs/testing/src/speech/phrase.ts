import { FRAME_BYTES, rmsOfMuLaw } from './mulaw.js';

/** Quieter frames are pauses: they are alike in every text and prove nothing. */
export const AUDIBLE_RMS = 100;

export interface SpokenWord {
  readonly text: string;
  /** The audible frames in which the word is spoken. */
  readonly frames: readonly number[];
}

/** A text whose sound is known, cut into frames and words. */
export interface Phrase {
  readonly text: string;
  readonly language: string;
  readonly audio: Uint8Array;
  /** Indexes of the frames in which something is audible, ascending. */
  readonly audibleFrames: readonly number[];
  readonly words: readonly SpokenWord[];
}

export function phraseOf(text: string, language: string, audio: Uint8Array): Phrase {
  const audibleFrames: number[] = [];
  for (let frame = 0; (frame + 1) * FRAME_BYTES <= audio.length; frame += 1) {
    if (rmsOfMuLaw(audio, frame * FRAME_BYTES, (frame + 1) * FRAME_BYTES) >= AUDIBLE_RMS)
      audibleFrames.push(frame);
  }
  return { text, language, audio, audibleFrames, words: wordsOf(text, audibleFrames) };
}

/** Shares the audible frames among the words: sentences meet at the longest pauses, words go by their length. */
function wordsOf(text: string, audibleFrames: readonly number[]): SpokenWord[] {
  const sentences = text.split(/(?<=[.!?…])\s+/u).filter(Boolean);
  return splitAtPauses(audibleFrames, sentences.length).flatMap((frames, index, parts) => {
    // Fewer pauses than sentences: the last part holds all sentences that are left.
    const spoken = index === parts.length - 1 ? sentences.slice(index).join(' ') : (sentences[index] ?? '');
    return shareByLength(spoken.split(/\s+/u).filter(Boolean), frames);
  });
}

function splitAtPauses(frames: readonly number[], parts: number): (readonly number[])[] {
  const gaps = frames
    .map((frame, index) => ({ index, length: frame - (frames[index - 1] ?? frame) }))
    .filter((gap) => gap.length > 1)
    .sort((a, b) => b.length - a.length)
    .slice(0, Math.max(0, parts - 1))
    .map((gap) => gap.index)
    .sort((a, b) => a - b);
  return [0, ...gaps].map((from, index) => frames.slice(from, gaps[index] ?? frames.length));
}

function shareByLength(words: readonly string[], frames: readonly number[]): SpokenWord[] {
  const lengths = words.map((word) => word.replace(/[^\p{L}\p{N}]/gu, '').length);
  const total = lengths.reduce((sum, length) => sum + length, 0) || 1;
  let spent = 0;
  return words.map((text, index) => {
    const from = Math.round((spent / total) * frames.length);
    spent += lengths[index] ?? 0;
    return { text, frames: frames.slice(from, Math.round((spent / total) * frames.length)) };
  });
}

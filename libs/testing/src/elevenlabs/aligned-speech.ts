import { BYTES_PER_MS, FRAME_MS } from '../speech/mulaw.js';
import { phraseOf } from '../speech/phrase.js';

/** When each character of a text sounds, in milliseconds from the beginning of its audio. */
export interface Character {
  readonly char: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** Some audio and the characters that begin in it. */
export interface SpeechChunk {
  readonly audio: Uint8Array;
  readonly characters: readonly Character[];
  /** Where the chunk begins in its text's audio. */
  readonly fromMs: number;
}

/** The times of `text`'s characters in its sound; a pause belongs to the space before it. */
export function alignCharacters(text: string, language: string, audio: Uint8Array): Character[] {
  const totalMs = audio.length / BYTES_PER_MS;
  const words = phraseOf(text.trim(), language, audio).words;
  const starts = words.map(({ frames }) => (frames[0] ?? 0) * FRAME_MS);
  const characters: Character[] = [];
  let atMs = 0;
  let word = -1;
  for (const part of text.split(/(\s+)/u).filter(Boolean)) {
    const isSpace = part.trim() === '';
    if (!isSpace) word += 1;
    const last = words[word]?.frames.at(-1);
    const wordEndMs = last === undefined ? atMs : (last + 1) * FRAME_MS;
    const untilMs = isSpace ? Math.max(atMs, starts[word + 1] ?? totalMs) : Math.max(atMs, wordEndMs);
    const letters = [...part];
    const eachMs = (untilMs - atMs) / letters.length;
    for (const [index, char] of letters.entries())
      characters.push({ char, startMs: atMs + index * eachMs, endMs: atMs + (index + 1) * eachMs });
    atMs = untilMs;
  }
  return characters;
}

/** Cuts audio with its characters into pieces of that length; each character goes with the audio in which it begins. */
export function chunksOf(
  audio: Uint8Array,
  characters: readonly Character[],
  firstMs: number,
  chunkMs: number,
): SpeechChunk[] {
  const chunks: SpeechChunk[] = [];
  let fromMs = 0;
  const totalMs = audio.length / BYTES_PER_MS;
  while (fromMs < totalMs) {
    const untilMs = Math.min(totalMs, fromMs + (fromMs === 0 ? firstMs : chunkMs));
    const isLast = untilMs >= totalMs;
    chunks.push({
      audio: audio.subarray(fromMs * BYTES_PER_MS, untilMs * BYTES_PER_MS),
      characters: characters.filter(({ startMs }) => startMs >= fromMs && (isLast || startMs < untilMs)),
      fromMs,
    });
    fromMs = untilMs;
  }
  return chunks;
}

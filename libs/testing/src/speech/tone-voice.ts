import { encodeMuLaw, SAMPLE_RATE_HZ, wholeFrames } from './mulaw.js';
import type { SpeakerVoice, SpeechLanguage } from './speech.js';

/** Fluent speech takes 60 to 70 ms per letter in all four languages. */
const MS_PER_CHARACTER = 65;
const WORD_GAP_MS = 50;
/** Shorter than any end-of-turn silence in use, so that one text stays one turn. */
const PAUSE_MS: Readonly<Record<string, number>> = {
  ',': 140,
  ';': 160,
  ':': 160,
  '.': 240,
  '!': 240,
  '?': 240,
};
const PEAK = 9_000;
/** Keeps every frame of every text unlike every other, which recognition by frames needs. */
const BREATH = 500;
const PITCH_HZ: Readonly<Record<SpeakerVoice, number>> = { caller: 118, assistant: 205 };

/**
 * A voice that needs no program: each letter is a short chord under a syllable-like envelope.
 * People do not understand it; the phrase book does, and a voice activity detector takes it for speech.
 */
export function speakInTones(text: string, language: SpeechLanguage, voice: SpeakerVoice): Uint8Array {
  const random = randomFrom(`${voice}|${language}|${text}`);
  const samples: number[] = [];
  for (const word of text.split(/\s+/u).filter(Boolean)) {
    for (const letter of word) {
      if (/[\p{L}\p{N}]/u.test(letter)) appendLetter(samples, letter, PITCH_HZ[voice], random);
    }
    appendSilence(samples, PAUSE_MS[word.at(-1) ?? ''] ?? WORD_GAP_MS);
  }
  return wholeFrames(encodeMuLaw(Int16Array.from(samples)));
}

function appendLetter(samples: number[], letter: string, pitchHz: number, random: () => number): void {
  const count = (MS_PER_CHARACTER * SAMPLE_RATE_HZ) / 1_000;
  const code = letter.toLowerCase().codePointAt(0) ?? 0;
  const base = pitchHz * (1 + 0.1 * random());
  const overtone = 500 + ((code * 137) % 1_900) + 60 * random();
  for (let i = 0; i < count; i += 1) {
    const seconds = i / SAMPLE_RATE_HZ;
    const envelope = 0.35 + 0.65 * Math.sin((Math.PI * i) / count);
    const chord =
      0.6 * Math.sin(2 * Math.PI * base * seconds) + 0.4 * Math.sin(2 * Math.PI * overtone * seconds);
    samples.push(Math.round(PEAK * envelope * chord + BREATH * (random() - 0.5)));
  }
}

function appendSilence(samples: number[], durationMs: number): void {
  for (let i = 0; i < (durationMs * SAMPLE_RATE_HZ) / 1_000; i += 1) samples.push(0);
}

/** A generator (mulberry32) seeded by the text: the same text always sounds the same. */
function randomFrom(seed: string): () => number {
  let state = 0x811c9dc5;
  for (let i = 0; i < seed.length; i += 1) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

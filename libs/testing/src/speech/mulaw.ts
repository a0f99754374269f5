/** Telephone audio everywhere in this package: G.711 mu-law, one byte per sample, one channel. */
export const SAMPLE_RATE_HZ = 8_000;
/** What one media message of a phone call carries. */
export const FRAME_MS = 20;
export const FRAME_BYTES = (SAMPLE_RATE_HZ * FRAME_MS) / 1_000;
export const BYTES_PER_MS = SAMPLE_RATE_HZ / 1_000;
export const MU_LAW_SILENCE = 0xff;

const BIAS = 0x84;
const CLIP = 32_635;

/** PCM value of each mu-law byte (ITU-T G.711). */
const PCM_OF = Int16Array.from({ length: 256 }, (_, byte) => {
  const inverted = ~byte & 0xff;
  const exponent = (inverted >> 4) & 0x07;
  const magnitude = ((((inverted & 0x0f) << 3) + BIAS) << exponent) - BIAS;
  return inverted & 0x80 ? -magnitude : magnitude;
});

/** Squared PCM value of each mu-law byte, so that energy costs one look-up per sample. */
const POWER_OF = Float64Array.from(PCM_OF, (value) => value * value);

/** Mu-law byte of each 16-bit sample; index is the sample as an unsigned number. */
const BYTE_OF = Uint8Array.from({ length: 65_536 }, (_, unsigned) => {
  const sample = unsigned > 0x7fff ? unsigned - 0x1_0000 : unsigned;
  const sign = sample < 0 ? 0x80 : 0;
  const biased = Math.min(Math.abs(sample), CLIP) + BIAS;
  const exponent = Math.max(0, Math.floor(Math.log2(biased)) - 7);
  const mantissa = (biased >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
});

export function decodeMuLaw(audio: Uint8Array): Int16Array {
  const pcm = new Int16Array(audio.length);
  for (let i = 0; i < audio.length; i += 1) pcm[i] = PCM_OF[audio[i] ?? 0] ?? 0;
  return pcm;
}

export function encodeMuLaw(pcm: Int16Array): Uint8Array {
  const audio = new Uint8Array(pcm.length);
  for (let i = 0; i < pcm.length; i += 1) audio[i] = BYTE_OF[(pcm[i] ?? 0) & 0xffff] ?? 0;
  return audio;
}

/** Loudness of a stretch of mu-law as root mean square of its samples, 0 to 32124. */
export function rmsOfMuLaw(audio: Uint8Array, from = 0, to = audio.length): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += POWER_OF[audio[i] ?? MU_LAW_SILENCE] ?? 0;
  return to > from ? Math.sqrt(sum / (to - from)) : 0;
}

export function muLawSilence(durationMs: number): Uint8Array {
  return new Uint8Array(Math.round(durationMs * BYTES_PER_MS)).fill(MU_LAW_SILENCE);
}

export function joinAudio(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Fills the last frame with silence, so that the audio is a whole number of frames. */
export function wholeFrames(audio: Uint8Array): Uint8Array {
  const rest = audio.length % FRAME_BYTES;
  return rest === 0 ? audio : joinAudio(audio, new Uint8Array(FRAME_BYTES - rest).fill(MU_LAW_SILENCE));
}

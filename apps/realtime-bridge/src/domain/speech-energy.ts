/** A frame at least this loud, on the 14-bit scale of µ-law, is no line noise: some 36 dB below full scale. */
const SPEECH_LOUDNESS = 128;
/** One sample out of eight groups of four characters: seven of a frame's 160. */
const STEP_CHARS = 32;

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Uint8Array(128);
for (let i = 0; i < DIGITS.length; i++) VALUES[DIGITS.charCodeAt(i)] = i;

/** The magnitude that each µ-law byte stands for (ITU-T G.711). */
const MAGNITUDES = Uint16Array.from({ length: 256 }, (_, byte) => {
  const code = ~byte & 0x7f;
  return (((code & 0x0f) * 2 + 33) << (code >> 4)) - 33;
});

/** Whether a frame of base64 µ-law is loud enough to be speech, told from a few samples without decoding it. */
export const soundsLikeSpeech = (audio: string): boolean => {
  let sum = 0;
  let samples = 0;
  for (let at = 0; at + 1 < audio.length; at += STEP_CHARS) {
    const high = VALUES[audio.charCodeAt(at) & 0x7f] ?? 0;
    const low = VALUES[audio.charCodeAt(at + 1) & 0x7f] ?? 0;
    sum += MAGNITUDES[((high << 2) | (low >> 4)) & 0xff] ?? 0;
    samples += 1;
  }
  return sum >= samples * SPEECH_LOUDNESS && samples > 0;
};

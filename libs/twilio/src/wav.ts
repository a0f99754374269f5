const MU_LAW = 7;
const SAMPLE_RATE_HZ = 8_000;
/** "RIFF" and its size, "WAVE", an 18-byte format chunk and a fact chunk, both with their heads, and the head of the data. */
const HEADER_BYTES = 12 + 26 + 12 + 8;

/**
 * Puts µ-law audio (8 kHz, mono) into the file that <Play> takes as `audio/x-wav`.
 * Source: https://www.twilio.com/docs/voice/twiml/play, and RIFF's rules for formats other than PCM.
 */
export const muLawWav = (audio: Uint8Array): Uint8Array => {
  const padding = audio.length % 2;
  const file = Buffer.alloc(HEADER_BYTES + audio.length + padding);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(18, 16);
  file.writeUInt16LE(MU_LAW, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  file.writeUInt32LE(SAMPLE_RATE_HZ, 28);
  file.writeUInt16LE(1, 32);
  file.writeUInt16LE(8, 34);
  file.write('fact', 38, 'latin1');
  file.writeUInt32LE(4, 42);
  file.writeUInt32LE(audio.length, 46);
  file.write('data', 50, 'latin1');
  file.writeUInt32LE(audio.length, 54);
  file.set(audio, HEADER_BYTES);
  return file;
};

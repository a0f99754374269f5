import { BYTES_PER_MS, encodeMuLaw, SAMPLE_RATE_HZ } from '../speech/mulaw.js';

/** What a spoken or played thing sounds like; µ-law at 8 kHz, without a file header. */
export type SpeechMaker = (text: string, language: string) => Promise<Uint8Array>;

/** Speech lasts about this long per character; only its length matters where nobody listens to words. */
const SPOKEN_MS_PER_CHARACTER = 55;

/**
 * Stands in for a voice where none was handed in: a hum as long as the sentence would take. Audible to whatever
 * measures energy, and the text is known from the TwiML anyway.
 */
export function hum(durationMs: number): Uint8Array {
  const samples = { length: Math.round(durationMs * BYTES_PER_MS) };
  return encodeMuLaw(
    Int16Array.from(samples, (_, index) => 9000 * Math.sin((2 * Math.PI * 180 * index) / SAMPLE_RATE_HZ)),
  );
}

export const humSpeech: SpeechMaker = (text) =>
  Promise.resolve(hum(300 + text.length * SPOKEN_MS_PER_CHARACTER));

/** Reads what <Play> may fetch: WAV with 8 kHz mono µ-law or 16-bit PCM, or bare audio/basic. Undefined when it is neither. */
export function readAudioFile(bytes: Uint8Array, contentType: string): Uint8Array | undefined {
  if (contentType.startsWith('audio/basic')) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 44 || tag(bytes, 0) !== 'RIFF' || tag(bytes, 8) !== 'WAVE') return undefined;
  let format: number | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true);
    if (tag(bytes, at) === 'fmt ') {
      if (view.getUint16(at + 10, true) !== 1 || view.getUint32(at + 12, true) !== SAMPLE_RATE_HZ)
        return undefined;
      format = view.getUint16(at + 8, true);
    }
    if (tag(bytes, at) === 'data') return decodeData(bytes.subarray(at + 8, at + 8 + size), format);
    at += 8 + size + (size % 2);
  }
  return undefined;
}

const WAV_PCM = 1;
const WAV_MULAW = 7;

function decodeData(data: Uint8Array, format: number | undefined): Uint8Array | undefined {
  if (format === WAV_MULAW) return data;
  if (format !== WAV_PCM) return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return encodeMuLaw(
    Int16Array.from({ length: Math.floor(data.length / 2) }, (_, index) => view.getInt16(index * 2, true)),
  );
}

function tag(bytes: Uint8Array, at: number): string {
  return Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');
}

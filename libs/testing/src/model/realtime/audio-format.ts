import type { RealtimeAudioFormats } from 'openai/resources/realtime/realtime';
import { decodeMuLaw, encodeMuLaw } from '../../speech/mulaw.js';

/** 24 kHz PCM has three samples for each of telephone audio. */
const PCM_RATIO = 3;

/** Brings arriving audio to mu-law. PCM is thinned to every third sample, the inverse of `fromMuLaw`. */
export function toMuLaw(audio: Uint8Array, format: RealtimeAudioFormats | undefined): Uint8Array {
  if (format?.type === 'audio/pcmu') return audio;
  const view = new DataView(audio.buffer, audio.byteOffset, audio.byteLength);
  const samples = Math.floor(audio.length / 2 / PCM_RATIO);
  return encodeMuLaw(Int16Array.from({ length: samples }, (_, i) => view.getInt16(i * PCM_RATIO * 2, true)));
}

/** Brings our speech to what the session asked for. */
export function fromMuLaw(audio: Uint8Array, format: RealtimeAudioFormats | undefined): Buffer {
  if (format?.type === 'audio/pcmu') return Buffer.from(audio);
  const pcm = decodeMuLaw(audio);
  const out = Buffer.alloc(pcm.length * PCM_RATIO * 2);
  for (let i = 0; i < pcm.length; i += 1) {
    const [here, next] = [pcm[i] ?? 0, pcm[i + 1] ?? pcm[i] ?? 0];
    for (let step = 0; step < PCM_RATIO; step += 1) {
      out.writeInt16LE(Math.round(here + ((next - here) * step) / PCM_RATIO), (i * PCM_RATIO + step) * 2);
    }
  }
  return out;
}

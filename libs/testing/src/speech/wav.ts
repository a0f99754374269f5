/** Mono 16-bit PCM as a WAV file carries it. */
export interface WavAudio {
  readonly sampleRateHz: number;
  readonly samples: Int16Array;
}

/**
 * Reads a RIFF/WAVE file of 16-bit PCM and takes its first channel.
 * A program that writes to a pipe cannot know the length beforehand, so a data chunk may claim more than there is.
 */
export function readWav(file: Uint8Array): WavAudio {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 12 || tag(file, 0) !== 'RIFF' || tag(file, 8) !== 'WAVE')
    throw new Error('not a RIFF/WAVE file');
  let format: { channels: number; sampleRateHz: number } | undefined;
  for (let at = 12; at + 8 <= file.length;) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (tag(file, at) === 'fmt ') {
      if (view.getUint16(body, true) !== 1 || view.getUint16(body + 14, true) !== 16)
        throw new Error('WAV is not 16-bit PCM');
      format = { channels: view.getUint16(body + 2, true), sampleRateHz: view.getUint32(body + 4, true) };
    }
    if (tag(file, at) === 'data') {
      if (!format) throw new Error('WAV has its data before its format');
      return {
        sampleRateHz: format.sampleRateHz,
        samples: firstChannel(view, body, Math.min(body + size, file.length), format.channels),
      };
    }
    at = body + size + (size % 2);
  }
  throw new Error('WAV has no data');
}

function firstChannel(view: DataView, from: number, to: number, channels: number): Int16Array {
  const samples = new Int16Array(Math.floor((to - from) / (2 * channels)));
  for (let i = 0; i < samples.length; i += 1) samples[i] = view.getInt16(from + i * 2 * channels, true);
  return samples;
}

function tag(file: Uint8Array, at: number): string {
  return String.fromCharCode(...file.subarray(at, at + 4));
}

/** 16-bit PCM as a WAV file carries it. */
export interface WavAudio {
  readonly sampleRateHz: number;
  /** As many samples in each. */
  readonly channels: readonly Int16Array[];
}

const BYTES_PER_SAMPLE = 2;
export const WAV_HEADER_BYTES = 44;

/** What stands before so many bytes of 16-bit PCM, whose channels take turns sample by sample. */
export function wavHeader(channels: number, sampleRateHz: number, dataBytes: number): Uint8Array {
  const header = new Uint8Array(WAV_HEADER_BYTES);
  const view = new DataView(header.buffer);
  const name = (at: number, text: string): void => header.set(Buffer.from(text, 'latin1'), at);
  name(0, 'RIFF');
  view.setUint32(4, WAV_HEADER_BYTES - 8 + dataBytes, true);
  name(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * channels * BYTES_PER_SAMPLE, true);
  view.setUint16(32, channels * BYTES_PER_SAMPLE, true);
  view.setUint16(34, BYTES_PER_SAMPLE * 8, true);
  name(36, 'data');
  view.setUint32(40, dataBytes, true);
  return header;
}

/**
 * Reads a RIFF/WAVE file of 16-bit PCM.
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
        channels: channelsOf(view, body, Math.min(body + size, file.length), format.channels),
      };
    }
    at = body + size + (size % 2);
  }
  throw new Error('WAV has no data');
}

function channelsOf(view: DataView, from: number, to: number, count: number): Int16Array[] {
  const frameBytes = BYTES_PER_SAMPLE * count;
  const length = Math.floor((to - from) / frameBytes);
  return Array.from({ length: count }, (_, channel) =>
    Int16Array.from({ length }, (_unused, i) =>
      view.getInt16(from + i * frameBytes + channel * BYTES_PER_SAMPLE, true),
    ),
  );
}

function tag(file: Uint8Array, at: number): string {
  return String.fromCharCode(...file.subarray(at, at + 4));
}

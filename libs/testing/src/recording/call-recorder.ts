import type { MediaFrame } from '../phone/call-media.js';
import { decodeMuLaw, FRAME_BYTES, FRAME_MS, MU_LAW_SILENCE, SAMPLE_RATE_HZ } from '../speech/mulaw.js';
import { WAV_HEADER_BYTES, wavHeader } from '../speech/wav.js';

/** Bytes of a file, and where in it they belong. */
export interface FilePart {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Then the recording ends, and the call goes on without: 115 MB, and no conversation is so long. */
export const LONGEST_RECORDING_MS = 3_600_000;

const CHANNELS = 2;
const BYTES_PER_FRAME = FRAME_BYTES * CHANNELS * 2;
/** What is held back until it is written: a second. */
const FRAMES_PER_PART = 1_000 / FRAME_MS;

const SILENCE = new Uint8Array(FRAME_BYTES).fill(MU_LAW_SILENCE);

/**
 * Makes a WAV file of a call while it runs: left what the caller said, right what was played in his ear, 8 kHz. The file is
 * whole after every part, so that a call that breaks off leaves one that can be listened to.
 */
export class CallRecorder {
  private pending: Uint8Array[] = [];
  private written = 0;
  private frames = 0;
  private playing: Uint8Array = SILENCE;

  constructor(
    private readonly write: (part: FilePart) => void,
    private readonly longestMs = LONGEST_RECORDING_MS,
  ) {
    this.writeHeader();
  }

  get durationMs(): number {
    return this.frames * FRAME_MS;
  }

  /** What the caller said in the 20 ms that end now stands beside what was played in them, which is the frame begun before. */
  hear({ fromCaller, toCaller }: Pick<MediaFrame, 'fromCaller' | 'toCaller'>): void {
    if (this.durationMs >= this.longestMs) return;
    this.pending.push(sideBySide(fromCaller, this.playing));
    this.frames += 1;
    this.playing = toCaller ?? SILENCE;
    if (this.pending.length >= FRAMES_PER_PART) this.writePending();
  }

  /** The call is over. */
  close(): void {
    if (this.pending.length > 0) this.writePending();
  }

  private writePending(): void {
    const bytes = Buffer.concat(this.pending);
    this.pending = [];
    this.write({ at: WAV_HEADER_BYTES + this.written, bytes });
    this.written += bytes.length;
    this.writeHeader();
  }

  private writeHeader(): void {
    this.write({ at: 0, bytes: wavHeader(CHANNELS, SAMPLE_RATE_HZ, this.written) });
  }
}

function sideBySide(left: Uint8Array, right: Uint8Array): Uint8Array {
  const pcm = Buffer.alloc(BYTES_PER_FRAME);
  for (const [channel, audio] of [left, right].entries())
    decodeMuLaw(audio).forEach((sample, i) => pcm.writeInt16LE(sample, (i * CHANNELS + channel) * 2));
  return pcm;
}

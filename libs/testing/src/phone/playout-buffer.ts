import { FRAME_BYTES, MU_LAW_SILENCE, SAMPLE_RATE_HZ } from '../speech/mulaw.js';

/** Twilio discards media once ten minutes lie in the buffer (its error 31931). */
export const MAX_BUFFERED_BYTES = 10 * 60 * SAMPLE_RATE_HZ;

interface Mark {
  readonly name: string;
  /** Bytes that must have played before the mark is answered, counted from the buffer's beginning. */
  readonly afterBytes: number;
}

/**
 * What lies at Twilio between our media messages and the caller's ear. It is emptied a frame every 20 ms,
 * so a mark is answered when the audio before it has really been played, not when it has arrived.
 */
export class PlayoutBuffer {
  private chunks: Uint8Array[] = [];
  private readOffset = 0;
  private appendedBytes = 0;
  private begunBytes = 0;
  private finishedBytes = 0;
  private marks: Mark[] = [];

  get bufferedBytes(): number {
    return this.appendedBytes - this.begunBytes;
  }

  /** Bytes that the caller has heard to their end, over the whole call. */
  get playedBytes(): number {
    return this.finishedBytes;
  }

  /** Returns false, and keeps nothing, when the ten minutes are full. */
  append(audio: Uint8Array): boolean {
    if (this.bufferedBytes + audio.length > MAX_BUFFERED_BYTES) return false;
    if (audio.length > 0) this.chunks.push(audio);
    this.appendedBytes += audio.length;
    return true;
  }

  /** Returns true when nothing is left to play before the mark, so it is to be answered at once. */
  mark(name: string): boolean {
    if (this.marks.length === 0 && this.finishedBytes >= this.appendedBytes) return true;
    this.marks.push({ name, afterBytes: this.appendedBytes });
    return false;
  }

  /** Forgets all audio that has not begun to play; returns how much, and every mark still owed, in order. */
  clear(): { discardedBytes: number; marks: string[] } {
    const discardedBytes = this.bufferedBytes;
    const marks = this.marks.map((mark) => mark.name);
    this.chunks = [];
    this.readOffset = 0;
    this.appendedBytes = this.begunBytes;
    this.marks = [];
    return { discardedBytes, marks };
  }

  /** Ends the frame that began 20 ms ago; returns the marks that are due by that. */
  finishFrame(): string[] {
    this.finishedBytes = this.begunBytes;
    const due = this.marks.filter((mark) => mark.afterBytes <= this.finishedBytes);
    this.marks = this.marks.slice(due.length);
    return due.map((mark) => mark.name);
  }

  /** Begins the next frame: what is there of it, padded with silence; undefined when nothing is buffered. */
  beginFrame(): Uint8Array | undefined {
    if (this.bufferedBytes === 0) return undefined;
    const frame = new Uint8Array(FRAME_BYTES).fill(MU_LAW_SILENCE);
    let filled = 0;
    while (filled < FRAME_BYTES && this.chunks[0]) {
      const chunk = this.chunks[0];
      const part = chunk.subarray(this.readOffset, this.readOffset + FRAME_BYTES - filled);
      frame.set(part, filled);
      filled += part.length;
      this.readOffset += part.length;
      if (this.readOffset === chunk.length) {
        this.chunks.shift();
        this.readOffset = 0;
      }
    }
    this.begunBytes += filled;
    return frame;
  }
}

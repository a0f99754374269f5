import { decodedLength, msOf } from '../domain/audio-format.js';

/** Where a stretch of audio without a pause ended, on both clocks. */
interface StretchEnd {
  readonly inputMs: number;
  readonly mediaMs: number;
}

/** A timestamp further on than this means that the phone has sent nothing meanwhile, and not that it is unpunctual. */
const PAUSE_MS = 20;
/** A turn is placed seconds after it; what lies before so many pauses is asked for no more. */
const MAX_STRETCHES = 64;

/**
 * Relates three clocks of the caller's audio: the phone's media clock (its timestamps), the model's input clock (audio
 * appended so far), and our monotonic clock (when a frame came in). A phone that sends nothing while muted lets the first run
 * ahead of the second, so its pauses are remembered: the model declares a turn over only when sound comes again. Fed by: the
 * media stream.
 */
export class MediaTimeline {
  private receivedMs = 0;
  /** Silence of ours that the model was given behind the latest frame. */
  private filledMs = 0;
  private lastTimestampMs = 0;
  private lastArrivedAtMs = 0;
  private offsetMs = 0;
  /** Oldest first. */
  private readonly stretchEnds: StretchEnd[] = [];

  /** The media clock of a conversation begins with its first stream; this one began so much later. */
  beginsAt(offsetMs: number): void {
    this.offsetMs = Math.max(0, offsetMs);
  }

  frame(audio: string, timestampMs: number, nowMs: number): void {
    const lengthMs = msOf(decodedLength(audio));
    if (this.receivedMs > 0 && timestampMs - this.lastTimestampMs >= PAUSE_MS) this.endStretch();
    this.receivedMs += this.filledMs + lengthMs;
    this.filledMs = 0;
    this.lastTimestampMs = timestampMs + lengthMs;
    this.lastArrivedAtMs = nowMs;
  }

  /** Silence in place of frames that do not come: the model's input clock runs on, and nothing has come in from the phone. */
  filled(lengthMs: number): void {
    this.filledMs += lengthMs;
  }

  /** The media clock's time of a position on the model's input clock. */
  mediaTime(inputMs: number): number {
    return this.offsetMs + Math.max(0, Math.round(this.timestampOf(inputMs)));
  }

  /** When, by our monotonic clock, the audio at that position came in from the phone; now, when none has come in. */
  arrivedAtMs(inputMs: number, nowMs: number): number {
    return this.receivedMs === 0
      ? nowMs
      : this.lastArrivedAtMs - Math.max(0, this.lastTimestampMs - this.timestampOf(inputMs));
  }

  /** The media clock now. */
  nowOnMediaClock(nowMs: number): number {
    return this.receivedMs === 0
      ? this.offsetMs
      : this.offsetMs + Math.round(this.lastTimestampMs + Math.max(0, nowMs - this.lastArrivedAtMs));
  }

  /** The phone's own timestamp of that position; the end of a stretch belongs to it, and not to what follows the pause. */
  private timestampOf(inputMs: number): number {
    const end = this.stretchEnds.find((stretch) => inputMs <= stretch.inputMs);
    return end ? end.mediaMs - (end.inputMs - inputMs) : this.lastTimestampMs - (this.receivedMs - inputMs);
  }

  private endStretch(): void {
    this.stretchEnds.push({ inputMs: this.receivedMs, mediaMs: this.lastTimestampMs });
    if (this.stretchEnds.length > MAX_STRETCHES) this.stretchEnds.shift();
  }
}

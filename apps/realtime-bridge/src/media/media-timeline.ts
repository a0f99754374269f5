import { decodedLength, msOf } from '../domain/audio-format.js';

/**
 * Relates three clocks of the caller's audio: the phone's media clock (its timestamps), the model's input clock (audio
 * appended so far), and our monotonic clock (when a frame came in). A phone that sends nothing while muted lets the first run
 * ahead of the second. Fed by: the media stream.
 */
export class MediaTimeline {
  private receivedMs = 0;
  private lastTimestampMs = 0;
  private lastArrivedAtMs = 0;
  private offsetMs = 0;

  /** The media clock of a conversation begins with its first stream; this one began so much later. */
  beginsAt(offsetMs: number): void {
    this.offsetMs = Math.max(0, offsetMs);
  }

  frame(audio: string, timestampMs: number, nowMs: number): void {
    const lengthMs = msOf(decodedLength(audio));
    this.receivedMs += lengthMs;
    this.lastTimestampMs = timestampMs + lengthMs;
    this.lastArrivedAtMs = nowMs;
  }

  /** The media clock's time of a position on the model's input clock. */
  mediaTime(inputMs: number): number {
    return this.offsetMs + Math.max(0, Math.round(this.lastTimestampMs - (this.receivedMs - inputMs)));
  }

  /** When, by our monotonic clock, the audio at that position came in from the phone; now, when none has come in. */
  arrivedAtMs(inputMs: number, nowMs: number): number {
    return this.receivedMs === 0 ? nowMs : this.lastArrivedAtMs - Math.max(0, this.receivedMs - inputMs);
  }

  /** The media clock now. */
  nowOnMediaClock(nowMs: number): number {
    return this.receivedMs === 0
      ? this.offsetMs
      : this.offsetMs + Math.round(this.lastTimestampMs + Math.max(0, nowMs - this.lastArrivedAtMs));
  }
}

import { decodedLength, msOf } from '../domain/audio-format.js';

/**
 * Relates three clocks of the caller's audio: the phone's media clock (its timestamps), the model's input clock (audio
 * appended so far), and our monotonic clock (when a frame came in). A phone that sends nothing while muted lets the first run
 * ahead of the second. Fed by: the media stream.
 */
export class MediaTimeline {
  private receivedMs = 0;
  /** Silence of ours that the model was given behind the latest frame. */
  private filledMs = 0;
  private lastTimestampMs = 0;
  private lastArrivedAtMs = 0;
  private offsetMs = 0;

  /** The media clock of a conversation begins with its first stream; this one began so much later. */
  beginsAt(offsetMs: number): void {
    this.offsetMs = Math.max(0, offsetMs);
  }

  frame(audio: string, timestampMs: number, nowMs: number): void {
    const lengthMs = msOf(decodedLength(audio));
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

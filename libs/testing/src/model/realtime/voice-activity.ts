import { BYTES_PER_MS, FRAME_MS, rmsOfMuLaw } from '../../speech/mulaw.js';

export interface VoiceActivitySettings {
  /** 0 to 1; higher wants louder speech. */
  readonly threshold: number;
  readonly silenceDurationMs: number;
}

export type VoiceActivityChange =
  /** `atMs`: where the first loud frame began; `sinceMs`: how long that is ago. */
  | { readonly kind: 'started'; readonly atMs: number; readonly sinceMs: number }
  /** `atMs`: the end of the silence that ended the speech. */
  | { readonly kind: 'stopped'; readonly atMs: number };

/** So many loud frames among the last few make speech; a click or a cough's first frame does not. */
const LOUD_FRAMES_NEEDED = 3;
const WINDOW_FRAMES = 5;
/** Loudness asked for at threshold 0 and its growth; 0.5 asks for about -38 dBFS. */
const RMS_AT_ZERO = 100;
const DECADES_PER_THRESHOLD = 1.2;

/** Decides from the audio alone when speech starts and stops. Its clock is the audio: no frames, no time. */
export class VoiceActivity {
  speaking = false;
  private clockMs = 0;
  private lastLoudMs = 0;
  private readonly loudAtMs: number[] = [];

  constructor(private settings: VoiceActivitySettings) {}

  /** Takes effect from the next frame. */
  configure(settings: VoiceActivitySettings): void {
    this.settings = settings;
  }

  /** Hears one frame of mu-law (`from` to `to` in `audio`), 20 ms or less. */
  hear(audio: Uint8Array, from: number, to: number): VoiceActivityChange | undefined {
    const startMs = this.clockMs;
    this.clockMs += (to - from) / BYTES_PER_MS;
    const loud =
      rmsOfMuLaw(audio, from, to) >= RMS_AT_ZERO * 10 ** (DECADES_PER_THRESHOLD * this.settings.threshold);
    if (loud) {
      this.lastLoudMs = this.clockMs;
      this.loudAtMs.push(startMs);
    }
    return this.speaking ? this.whetherStopped() : this.whetherStarted();
  }

  private whetherStarted(): VoiceActivityChange | undefined {
    while ((this.loudAtMs[0] ?? Infinity) < this.clockMs - WINDOW_FRAMES * FRAME_MS) this.loudAtMs.shift();
    if (this.loudAtMs.length < LOUD_FRAMES_NEEDED) return undefined;
    this.speaking = true;
    const atMs = this.loudAtMs[0] ?? this.clockMs;
    return { kind: 'started', atMs, sinceMs: this.clockMs - atMs };
  }

  private whetherStopped(): VoiceActivityChange | undefined {
    if (this.clockMs - this.lastLoudMs < this.settings.silenceDurationMs) return undefined;
    this.speaking = false;
    this.loudAtMs.length = 0;
    return { kind: 'stopped', atMs: this.clockMs };
  }
}

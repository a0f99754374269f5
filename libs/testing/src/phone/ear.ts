import { FRAME_MS, joinAudio, rmsOfMuLaw } from '../speech/mulaw.js';

/** What the caller heard between two silences. Times are milliseconds since the call was answered. */
export interface HeardUtterance {
  readonly audio: Uint8Array;
  readonly startedAtMs: number;
  /** End of the last audible frame. */
  readonly endedAtMs: number;
  /** The other side broke off: audio that was to follow was cleared. */
  readonly cutOff: boolean;
}

export interface EarHooks {
  speaking(atMs: number): void;
  finished(utterance: HeardUtterance): void;
}

/** Quieter frames are line noise or pauses, whether silence comes as 0xFF or as 0x7F. */
const AUDIBLE_RMS = 100;
/** Longer than the pause between two sentences of one breath, shorter than a caller's patience. */
const UTTERANCE_ENDS_AFTER_MS = 600;

/** Cuts what plays in the caller's ear into utterances, by loudness alone. */
export class Ear {
  private frames: Uint8Array[] = [];
  private audibleFrames = 0;
  private startedAtMs = 0;
  private lastAudibleAtMs = 0;

  constructor(private readonly hooks: EarHooks) {}

  get isHearing(): boolean {
    return this.frames.length > 0;
  }

  /** One frame that begins to play at `atMs`; undefined while nothing plays. */
  hear(frame: Uint8Array | undefined, atMs: number): void {
    const audible = frame !== undefined && rmsOfMuLaw(frame) >= AUDIBLE_RMS;
    if (audible && !this.isHearing) {
      this.startedAtMs = atMs;
      this.hooks.speaking(atMs);
    }
    if (!audible && !this.isHearing) return;
    if (frame) this.frames.push(frame);
    if (audible) {
      this.lastAudibleAtMs = atMs;
      this.audibleFrames = this.frames.length;
    } else if (atMs - this.lastAudibleAtMs >= UTTERANCE_ENDS_AFTER_MS) {
      this.finish(false);
    }
  }

  /** Nothing more of this utterance will come: it was cleared, or the call is over. */
  breakOff(cutOff: boolean): void {
    if (this.isHearing) this.finish(cutOff);
  }

  private finish(cutOff: boolean): void {
    const audio = joinAudio(...this.frames.slice(0, this.audibleFrames));
    this.frames = [];
    this.audibleFrames = 0;
    this.hooks.finished({
      audio,
      startedAtMs: this.startedAtMs,
      endedAtMs: this.lastAudibleAtMs + FRAME_MS,
      cutOff,
    });
  }
}

import type { ModelEvent } from './model-session.js';
import { soundsLikeSpeech } from './speech-energy.js';

/** A phone sends a frame every 20 ms; a muted one may pause. This long without one, and the model's turn detection stands still. */
export const CALLER_SILENT_AFTER_MS = 3_000;
/** A model that hears would have said something by now, if only that the caller has begun to speak. */
export const MODEL_DEAF_AFTER_MS = 10_000;
/** One that is hearing a caller out says nothing meanwhile. */
const DEAF_IN_TURN_AFTER_MS = 60_000;
/** The caller is listened to only so long before the model would be called deaf: usually it speaks first. */
const LISTEN_FOR_MS = 5_000;
/** After a nudge of ours a model that lives has answered. */
const NUDGE_ANSWERED_WITHIN_MS = 4_000;
/** Two seconds of loud frames: more than a cough or a door. */
const ENOUGH_SPEECH_FRAMES = 100;

/** Watches both ends of a call's audio: whether the phone still sends it and whether the model still hears it. Times are monotonic. */
export class MediaWatch {
  private readonly deafAfterMs: number;
  private frameAtMs: number | undefined;
  private modelAtMs = Number.POSITIVE_INFINITY;
  private inTurn = false;
  private speechFrames = 0;

  /** @param nudgeAfterMs silence after which we ask the model to speak */
  constructor(nudgeAfterMs: number) {
    this.deafAfterMs = Math.max(MODEL_DEAF_AFTER_MS, nudgeAfterMs + NUDGE_ANSWERED_WITHIN_MS);
  }

  /** Runs fifty times a second: a frame is looked into only while the model is suspected. */
  frame(audio: string, nowMs: number): void {
    this.frameAtMs = nowMs;
    if (nowMs - this.modelAtMs < this.patienceMs - LISTEN_FOR_MS) return;
    if (this.speechFrames < ENOUGH_SPEECH_FRAMES && soundsLikeSpeech(audio)) this.speechFrames += 1;
  }

  /** Something has come from the model, or is being heard of it. */
  modelLives(nowMs: number): void {
    this.modelAtMs = nowMs;
    this.speechFrames = 0;
  }

  modelSaid({ type }: ModelEvent, nowMs: number): void {
    this.modelLives(nowMs);
    if (type === 'caller-started') this.inTurn = true;
    else if (type === 'caller-stopped' || type === 'caller-committed') this.inTurn = false;
  }

  /** Frames have come before and do not any more. */
  lacksFrames(nowMs: number): boolean {
    return this.frameAtMs !== undefined && nowMs - this.frameAtMs >= CALLER_SILENT_AFTER_MS;
  }

  isModelDeaf(nowMs: number): boolean {
    return this.speechFrames >= ENOUGH_SPEECH_FRAMES && nowMs - this.modelAtMs >= this.patienceMs;
  }

  private get patienceMs(): number {
    return this.inTurn ? DEAF_IN_TURN_AFTER_MS : this.deafAfterMs;
  }
}

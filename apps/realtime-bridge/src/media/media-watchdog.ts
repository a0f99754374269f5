import type { Clock } from '../domain/clock.js';
import { MediaWatch } from '../domain/media-watch.js';
import type { ModelEvent } from '../domain/model-session.js';

const LOOK_EVERY_MS = 500;
const FRAME_MS = 20;
/** One frame in which nothing is heard: µ-law's zero. */
export const SILENT_FRAME = Buffer.alloc(160, 0xff).toString('base64');

export interface WatchedCall {
  /** Speech of ours is still on its way to the caller's ear. */
  isSpeaking(): boolean;
  /** The phone has stopped sending: the model is fed silence from now on until it sends again. */
  framesMissing(): void;
  /** One frame of silence, for the model in place of the caller's. */
  fill(audio: string, lengthMs: number): void;
  /** The model does not hear the caller. */
  modelDeaf(): void;
  /** Goes on with another session; false where there is none. */
  replaceDeaf(): boolean;
  /** It does not hear him in another session either. */
  giveUpDeaf(): void;
}

/** Cures the two ways in which a call falls silent though everybody is connected. Fed by: the media stream, the model's session. */
export class MediaWatchdog {
  private readonly watch: MediaWatch;
  private wasReplaced = false;
  private filled = 0;
  private fillsSinceMs: number | undefined;
  private cancelLook: () => void = () => undefined;
  private cancelFill: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    nudgeAfterMs: number,
    private readonly call: WatchedCall,
  ) {
    this.watch = new MediaWatch(nudgeAfterMs);
  }

  /** The model is ready and hears what the caller says. */
  begin(): void {
    this.watch.modelLives(this.clock.nowMs());
    this.lookLater();
  }

  frame(audio: string, nowMs: number): void {
    this.watch.frame(audio, nowMs);
    if (this.fillsSinceMs !== undefined) this.stopFilling();
  }

  modelSaid(event: ModelEvent): void {
    if (event.type === 'caller-started') this.wasReplaced = false;
    this.watch.modelSaid(event, this.clock.nowMs());
  }

  stop(): void {
    this.cancelLook();
    this.stopFilling();
  }

  private lookLater(): void {
    this.cancelLook = this.clock.after(LOOK_EVERY_MS, () => {
      this.lookLater();
      this.look(this.clock.nowMs());
    });
  }

  private look(nowMs: number): void {
    if (this.fillsSinceMs === undefined && this.watch.lacksFrames(nowMs)) {
      this.call.framesMissing();
      this.fillsSinceMs = nowMs;
      this.fillLater();
    }
    // Our own speech may come back as the caller's, and nobody is expected to say anything meanwhile.
    if (this.call.isSpeaking()) return this.watch.modelLives(nowMs);
    if (!this.watch.isModelDeaf(nowMs)) return;
    this.watch.modelLives(nowMs);
    this.call.modelDeaf();
    if (this.wasReplaced || !this.call.replaceDeaf()) return this.call.giveUpDeaf();
    this.wasReplaced = true;
  }

  private fillLater(): void {
    this.cancelFill = this.clock.after(FRAME_MS, () => {
      this.fillLater();
      const dueFrames = Math.floor((this.clock.nowMs() - (this.fillsSinceMs ?? 0)) / FRAME_MS);
      for (; this.filled < dueFrames; this.filled++) this.call.fill(SILENT_FRAME, FRAME_MS);
    });
  }

  private stopFilling(): void {
    this.cancelFill();
    this.fillsSinceMs = undefined;
    this.filled = 0;
  }
}

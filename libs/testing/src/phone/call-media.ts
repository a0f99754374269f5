import { FRAME_BYTES, FRAME_MS, MU_LAW_SILENCE } from '../speech/mulaw.js';
import { PlayoutBuffer } from './playout-buffer.js';
import type { TimeSource } from './time-source.js';

/** One tick of a call's audio, both ways. Times are milliseconds since the call was answered. */
export interface MediaFrame {
  readonly atMs: number;
  /** What the caller's handset picked up. */
  readonly fromCaller: Uint8Array;
  readonly callerSpeaks: boolean;
  /** What begins to play in the caller's ear now; undefined while nothing does. */
  readonly toCaller: Uint8Array | undefined;
  /** Marks whose audio has now been played to its end. */
  readonly marksDue: readonly string[];
}

/** A caller who says nothing sends silence: frames of it, and no fewer. */
const SILENT_FRAME: Uint8Array = new Uint8Array(FRAME_BYTES).fill(MU_LAW_SILENCE);

interface Speech {
  readonly audio: Uint8Array;
  offset: number;
  readonly done: (spokenWhole: boolean) => void;
}

/**
 * The audio of one call on the network's own clock: a frame each way every 20 ms, counted from the answer.
 * Each frame is due at a multiple of 20 ms, so a late timer delays one frame and never shifts the rest.
 */
export class CallMedia {
  readonly playout = new PlayoutBuffer();
  private readonly listeners = new Set<(frame: MediaFrame) => void>();
  private readonly speeches: Speech[] = [];
  private startedAtMs = 0;
  private frames = 0;
  private cancelTimer: (() => void) | undefined;
  private stopped = false;

  constructor(private readonly time: TimeSource) {}

  get started(): boolean {
    return this.cancelTimer !== undefined || this.stopped;
  }

  /** Milliseconds of audio that have gone by since the answer. */
  get elapsedMs(): number {
    return this.frames * FRAME_MS;
  }

  start(): void {
    if (this.started) return;
    this.startedAtMs = this.time.nowMs();
    this.schedule();
  }

  stop(): void {
    this.stopped = true;
    this.cancelTimer?.();
    for (const speech of this.speeches.splice(0)) speech.done(false);
  }

  /** Returns a function that ends the subscription. */
  onFrame(listener: (frame: MediaFrame) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** The caller says this after what he is saying already; true when all of it was spoken before the call ended. */
  say(audio: Uint8Array): Promise<boolean> {
    if (this.stopped) return Promise.resolve(false);
    return new Promise((resolve) => this.speeches.push({ audio, offset: 0, done: resolve }));
  }

  /** The caller falls silent in the middle of the word. */
  stopSaying(): void {
    for (const speech of this.speeches.splice(0)) speech.done(false);
  }

  private schedule(): void {
    const dueMs = this.startedAtMs + (this.frames + 1) * FRAME_MS;
    this.cancelTimer = this.time.after(dueMs - this.time.nowMs(), () => {
      // Whatever fell due while the process was busy goes out now: the media clock must not fall behind the real one.
      const due = Math.floor((this.time.nowMs() - this.startedAtMs) / FRAME_MS);
      do this.tick();
      while (!this.stopped && this.frames < due);
      if (!this.stopped) this.schedule();
    });
  }

  private tick(): void {
    const atMs = this.elapsedMs;
    this.frames += 1;
    const marksDue = this.playout.finishFrame();
    const toCaller = this.playout.beginFrame();
    const spoken = this.nextSpokenFrame();
    const frame: MediaFrame = {
      atMs,
      fromCaller: spoken ?? SILENT_FRAME,
      callerSpeaks: spoken !== undefined,
      toCaller,
      marksDue,
    };
    for (const listener of [...this.listeners]) listener(frame);
  }

  private nextSpokenFrame(): Uint8Array | undefined {
    const speech = this.speeches[0];
    if (!speech) return undefined;
    const frame = new Uint8Array(FRAME_BYTES).fill(MU_LAW_SILENCE);
    frame.set(speech.audio.subarray(speech.offset, speech.offset + FRAME_BYTES));
    speech.offset += FRAME_BYTES;
    if (speech.offset >= speech.audio.length) {
      this.speeches.shift();
      speech.done(true);
    }
    return frame;
  }
}

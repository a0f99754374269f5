import { decodedLength } from '../domain/audio-format.js';
import type { Clock } from '../domain/clock.js';
import type { Cut, MarkMeaning, PlaybackLedger } from '../domain/playback-ledger.js';

/** Audio lies at the phone network this far ahead of the caller's ear: enough to hide jitter, little enough to take back. */
export const SEND_AHEAD_MS = 250;
/** 60 ms: 640 base64 characters are exactly 480 bytes, so audio is cut without being decoded. */
export const PIECE_CHARS = 640;
/** Marks come back within a network's round trip; when they are owed this much longer, they will not come. */
export const MARK_PATIENCE_MS = 2_000;

/** While messages are saved, less than a piece waits this long for the rest of it. */
export const MOST_WAIT_FOR_PIECE_MS = 40;

/** Where the pieces go. */
export interface PhoneOutput {
  media(audio: string): void;
  mark(name: string): void;
  clear(): void;
  /** What is sent from now on may wait for `release`, to leave in one write. */
  hold(): void;
  release(): void;
}

export interface SpeakerHooks {
  /** A piece has left for the phone. */
  onSent?(itemId: string, mark: string, bytes: number): void;
  /** Marks were not echoed for too long; all that was sent is taken for heard. */
  onMarksMissing?(): void;
  /** Whether messages are to be saved: small pieces then wait for each other. */
  isBusy?(): boolean;
}

interface Waiting {
  readonly itemId: string;
  audio: string;
  offset: number;
}

const joined = (one: string, other: string): string =>
  Buffer.concat([Buffer.from(one, 'base64'), Buffer.from(other, 'base64')]).toString('base64');

/**
 * Sends the model's speech to the phone in small pieces, each with a mark, never more than a window ahead of the caller's
 * ear. The model talks faster than real time; what has not been sent can be dropped here at once. Fed by: the model's
 * session. Feeds: the media stream.
 */
export class PacedSpeaker {
  private readonly queue: Waiting[] = [];
  /** Sent and not yet known to be played, oldest first. */
  private readonly sent: Waiting[] = [];
  private paused = false;
  private cancelTimer: (() => void) | undefined;
  /** When the timer wakes us; it is not set anew for what comes later. */
  private wakesAtMs = Infinity;
  /** Since when less than a piece has been waiting for the rest of it. */
  private waitsSinceMs: number | undefined;

  constructor(
    private readonly ledger: PlaybackLedger,
    private readonly clock: Clock,
    private readonly output: PhoneOutput,
    private readonly hooks: SpeakerHooks = {},
  ) {}

  /** Audio of an item, base64 µ-law. False when the item has been cut and its audio is dropped. */
  say(itemId: string, contentIndex: number, audio: string): boolean {
    const bytes = decodedLength(audio);
    if (bytes === 0) return true;
    if (!this.ledger.exists(itemId, contentIndex, bytes)) return false;
    this.enqueue(itemId, audio);
    this.pump();
    return true;
  }

  /** Falls silent now, and keeps what was not heard; what comes meanwhile waits behind it. */
  pause(): void {
    if (this.paused) return;
    this.paused = true;
    this.waitsSinceMs = undefined;
    this.sleep();
    if (this.ledger.hasOutstandingMarks) this.output.clear();
    this.ledger.pause(this.clock.nowMs());
    this.queue.unshift(...this.sent.splice(0));
  }

  /** Goes on from the piece in which it was paused, so that no syllable is lost. */
  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.ledger.resume();
    this.pump();
  }

  /** Falls silent now and for good. Returns what the caller did not hear to its end. */
  stop(): Cut[] {
    this.pause();
    this.paused = false;
    this.queue.length = 0;
    return this.ledger.clear(this.clock.nowMs());
  }

  echoed(mark: string): MarkMeaning {
    const meaning = this.ledger.echoed(mark, this.clock.nowMs());
    if (meaning !== 'played') return meaning;
    this.sent.splice(0, this.sent.length - this.ledger.outstandingMarks);
    this.pump();
    return meaning;
  }

  /** Nothing waits to be sent or to be heard. */
  get isQuiet(): boolean {
    return this.queue.length === 0 && !this.ledger.hasOutstandingMarks;
  }

  /** How long the caller will still be listening to what was given to say, in milliseconds. */
  get remainingMs(): number {
    let chars = 0;
    for (const { audio, offset } of this.queue) chars += audio.length - offset;
    return Math.max(0, this.ledger.aheadMs(this.clock.nowMs())) + (chars * 3) / 4 / 8;
  }

  /** Joins what is waiting for the rest of its piece. */
  private enqueue(itemId: string, audio: string): void {
    const last = this.queue.at(-1);
    if (this.waitsSinceMs !== undefined && last?.itemId === itemId) last.audio = joined(last.audio, audio);
    else this.queue.push({ itemId, audio, offset: 0 });
  }

  private pump(): void {
    if (this.paused) return;
    const nowMs = this.clock.nowMs();
    if (this.waitsForRest(nowMs)) return this.wakeAt((this.waitsSinceMs ?? nowMs) + MOST_WAIT_FOR_PIECE_MS);
    this.waitsSinceMs = undefined;
    let aheadMs = this.ledger.aheadMs(nowMs);
    if (this.queue[0] && aheadMs < SEND_AHEAD_MS) aheadMs = this.sendUpToWindow(nowMs, aheadMs);
    if (this.queue.length > 0) this.wakeAt(nowMs + Math.max(1, aheadMs - SEND_AHEAD_MS + 1));
    else if (this.ledger.hasOutstandingMarks) this.wakeAt(nowMs + Math.max(0, aheadMs) + MARK_PATIENCE_MS);
  }

  private sendUpToWindow(nowMs: number, from: number): number {
    let aheadMs = from;
    this.output.hold();
    try {
      while (this.queue[0] && aheadMs < SEND_AHEAD_MS) {
        this.sendPiece(this.queue[0], nowMs);
        aheadMs = this.ledger.aheadMs(nowMs);
      }
    } finally {
      this.output.release();
    }
    return aheadMs;
  }

  /** Whether all that is there is less than a piece and may wait for more. */
  private waitsForRest(nowMs: number): boolean {
    const [first, more] = this.queue;
    if (!this.hooks.isBusy?.() || !first || more || first.offset > 0 || first.audio.length >= PIECE_CHARS)
      return false;
    this.waitsSinceMs ??= nowMs;
    return nowMs - this.waitsSinceMs < MOST_WAIT_FOR_PIECE_MS;
  }

  private sendPiece(waiting: Waiting, nowMs: number): void {
    const whole = waiting.offset === 0 && waiting.audio.length <= PIECE_CHARS;
    const piece = whole ? waiting.audio : waiting.audio.slice(waiting.offset, waiting.offset + PIECE_CHARS);
    waiting.offset += piece.length;
    if (waiting.offset >= waiting.audio.length) this.queue.shift();
    const bytes = decodedLength(piece);
    const mark = this.ledger.sent(waiting.itemId, bytes, nowMs);
    this.sent.push({ itemId: waiting.itemId, audio: piece, offset: 0 });
    this.output.media(piece);
    this.output.mark(mark);
    this.hooks.onSent?.(waiting.itemId, mark, bytes);
  }

  private wake(): void {
    const nowMs = this.clock.nowMs();
    const owedMs = -this.ledger.aheadMs(nowMs);
    if (this.queue.length > 0 || !this.ledger.hasOutstandingMarks || owedMs < MARK_PATIENCE_MS)
      return this.pump();
    this.ledger.assumePlayed();
    this.sent.length = 0;
    this.hooks.onMarksMissing?.();
  }

  /** A timer that comes too early looks again; setting one for every piece would cost more than the piece. */
  private wakeAt(atMs: number): void {
    if (this.wakesAtMs <= atMs) return;
    this.sleep();
    this.wakesAtMs = atMs;
    this.cancelTimer = this.clock.after(atMs - this.clock.nowMs(), () => {
      this.wakesAtMs = Infinity;
      this.wake();
    });
  }

  private sleep(): void {
    this.cancelTimer?.();
    this.wakesAtMs = Infinity;
  }
}

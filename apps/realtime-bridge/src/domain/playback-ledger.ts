import { BYTES_PER_MS, msOf } from './audio-format.js';

/** One item of the model's speech that was stopped before its end. */
export interface Cut {
  readonly itemId: string;
  readonly contentIndex: number;
  /** What the caller heard of it; never more than the audio that exists. */
  readonly heardMs: number;
  /** The audio of it that had arrived from the model. */
  readonly existingMs: number;
}

/** How much of an item the caller has heard, of how much that exists. */
export interface ItemProgress {
  readonly heardMs: number;
  readonly existingMs: number;
  readonly whole: boolean;
}

export type MarkMeaning = 'played' | 'cleared' | 'unknown';

interface Item {
  readonly contentIndex: number;
  existingBytes: number;
  heardBytes: number;
  /** The model has said that no more of it will come. */
  whole: boolean;
}

interface Piece {
  readonly mark: string;
  readonly itemId: string;
  readonly bytes: number;
}

/**
 * Knows what the caller has heard. Every piece of audio sent is followed by a mark, which the phone network
 * echoes when the piece has been played. A `clear` makes it echo the waiting marks too, and those look
 * the same: so a mark's name carries a generation, which `clear` advances, and an echo of an earlier generation
 * proves nothing. Between two marks the clock tells how far playback has come, but never past the next mark.
 */
export class PlaybackLedger {
  private generation = 1;
  private serial = 0;
  private readonly items = new Map<string, Item>();
  private readonly cutItems = new Set<string>();
  /** Sent and not yet known to be played, oldest first. */
  private pieces: Piece[] = [];
  private outstandingBytes = 0;
  /** When playback of the oldest outstanding piece began. */
  private pieceBeganAtMs = 0;
  /** Of the piece in which playback was paused: heard, unless it is played again. */
  private heardOfPaused: { readonly itemId: string; readonly bytes: number } | undefined;

  /** Audio that the model has made. False when it belongs to an item that was cut: it must not be played. */
  exists(itemId: string, contentIndex: number, bytes: number): boolean {
    if (this.cutItems.has(itemId)) return false;
    const item = this.items.get(itemId);
    if (item) item.existingBytes += bytes;
    else this.items.set(itemId, { contentIndex, existingBytes: bytes, heardBytes: 0, whole: false });
    return true;
  }

  /** An item of which nothing is to be heard. False when it was cut before. */
  refuse(itemId: string): boolean {
    if (this.cutItems.has(itemId)) return false;
    this.cutItems.add(itemId);
    return true;
  }

  /** No more of the item will come from the model. */
  whole(itemId: string): void {
    const item = this.items.get(itemId);
    if (item) item.whole = true;
  }

  /** Audio that leaves for the phone; returns the name of the mark to send right behind it. */
  sent(itemId: string, bytes: number, nowMs: number): string {
    // When by the clock all that was sent is over, this piece begins to play now: the pause before it is no playing time.
    if (this.pieces.length === 0) this.pieceBeganAtMs = nowMs;
    else this.pieceBeganAtMs += Math.max(0, -this.aheadMs(nowMs));
    const mark = `g${this.generation}.${++this.serial}`;
    this.pieces.push({ mark, itemId, bytes });
    this.outstandingBytes += bytes;
    return mark;
  }

  /** A mark has come back. Marks come in order, so an echo proves every piece before it as well. */
  echoed(mark: string, nowMs: number): MarkMeaning {
    const index = this.pieces.findIndex((piece) => piece.mark === mark);
    if (index < 0) return this.wasOurs(mark) ? 'cleared' : 'unknown';
    for (const piece of this.pieces.splice(0, index + 1)) this.played(piece);
    this.pieceBeganAtMs = nowMs;
    return 'played';
  }

  /** Takes all that was sent for heard: for a phone network that owes its echoes for longer than it can be waited for. */
  assumePlayed(): void {
    for (const piece of this.pieces.splice(0)) this.played(piece);
  }

  /** Playback stops now, perhaps to go on: what was sent and is not proved to have been played counts as not sent. */
  pause(nowMs: number): void {
    this.heardOfPaused = this.heardOfPiece(nowMs);
    this.generation += 1;
    this.pieces = [];
    this.outstandingBytes = 0;
  }

  /** Playback goes on, from the beginning of the piece in which it was paused. */
  resume(): void {
    this.heardOfPaused = undefined;
  }

  /** Playback stops for good. Tells, for each item that was not heard to its end, how much of it was heard. */
  clear(nowMs: number): Cut[] {
    if (!this.heardOfPaused) this.pause(nowMs);
    const { itemId: playing = '', bytes = 0 } = this.heardOfPaused ?? {};
    const item = this.items.get(playing);
    if (item) item.heardBytes += bytes;
    this.heardOfPaused = undefined;
    const cuts: Cut[] = [];
    for (const [itemId, { contentIndex, existingBytes, heardBytes, whole }] of this.items) {
      // The model may have made more of an unfinished item than has come: it too must learn where the caller stopped listening.
      if (whole && heardBytes >= existingBytes) continue;
      this.items.delete(itemId);
      this.cutItems.add(itemId);
      cuts.push({
        itemId,
        contentIndex,
        heardMs: Math.floor(msOf(heardBytes)),
        existingMs: Math.floor(msOf(existingBytes)),
      });
    }
    return cuts;
  }

  /** Milliseconds of audio sent and, by the clock, not yet played; below zero when playback should be over and no mark says so. */
  aheadMs(nowMs: number): number {
    return this.pieces.length === 0 ? 0 : msOf(this.outstandingBytes) - (nowMs - this.pieceBeganAtMs);
  }

  /** True when the item is whole and marks prove that all of it has been heard. */
  heardWhole(itemId: string): boolean {
    const item = this.items.get(itemId);
    return item !== undefined && item.whole && item.heardBytes >= item.existingBytes;
  }

  /** True while an item has begun that the caller has not heard to its end, sent or not, made or not. */
  get hasUnheardSpeech(): boolean {
    for (const item of this.items.values())
      if (!item.whole || item.heardBytes < item.existingBytes) return true;
    return false;
  }

  /** How far into an item the caller has heard; undefined when nothing of it exists or is remembered. */
  progressOf(itemId: string, nowMs: number): ItemProgress | undefined {
    const item = this.items.get(itemId);
    if (!item) return undefined;
    const playing = this.heardOfPaused ?? this.heardOfPiece(nowMs);
    const heardBytes = item.heardBytes + (playing?.itemId === itemId ? playing.bytes : 0);
    return { heardMs: msOf(heardBytes), existingMs: msOf(item.existingBytes), whole: item.whole };
  }

  get outstandingMarks(): number {
    return this.pieces.length;
  }

  get hasOutstandingMarks(): boolean {
    return this.pieces.length > 0;
  }

  /** Nothing of the item will come any more and its story is told: it need not be remembered. */
  forget(itemId: string): void {
    this.items.delete(itemId);
  }

  private played(piece: Piece): void {
    this.outstandingBytes -= piece.bytes;
    const item = this.items.get(piece.itemId);
    if (item) item.heardBytes += piece.bytes;
  }

  /** How much of the piece that plays has been heard by the clock. */
  private heardOfPiece(nowMs: number): { readonly itemId: string; readonly bytes: number } | undefined {
    const [piece] = this.pieces;
    if (!piece) return undefined;
    const elapsedBytes = Math.max(0, Math.floor((nowMs - this.pieceBeganAtMs) * BYTES_PER_MS));
    return { itemId: piece.itemId, bytes: Math.min(elapsedBytes, piece.bytes) };
  }

  private wasOurs(mark: string): boolean {
    const parts = /^g(\d+)\.(\d+)$/.exec(mark);
    return parts !== null && Number(parts[1]) <= this.generation && Number(parts[2]) <= this.serial;
  }
}

import type { MediaTimeline } from '../../media/media-timeline.js';

interface Speech {
  /** Without the padding that the model keeps from before the first sound. */
  startedAtMs: number;
  endedAtMs: number;
}

/** How the model cuts a caller's audio into turns, in milliseconds. */
export interface TurnCut {
  /** A turn is declared over this long after its last sound. */
  readonly silenceMs: number;
  /** It begins this long before its first. */
  readonly paddingMs: number;
}

/** When the caller spoke, on the media clock, and for how long altogether. */
export class CallerSpeech {
  private readonly items = new Map<string, Speech>();
  private latest: string;
  private talkMs: number;
  private turnEndedAtMs = 0;

  constructor(
    private readonly timeline: MediaTimeline,
    /** As it is at the moment. */
    private readonly cut: TurnCut,
    /** What the conversation's earlier streams have heard. */
    earlier: { readonly latestItemId: string; readonly talkTimeMs: number } | undefined,
  ) {
    this.latest = earlier?.latestItemId ?? '';
    this.talkMs = earlier?.talkTimeMs ?? 0;
  }

  started(itemId: string, audioStartMs: number, nowMs: number): void {
    // Where it begins with the end of the turn before, the padding was cut short, and nobody says by how much.
    const paddingMs = audioStartMs === this.turnEndedAtMs ? 0 : this.cut.paddingMs;
    const startedAtMs = Math.min(
      this.timeline.mediaTime(audioStartMs + paddingMs),
      this.timeline.nowOnMediaClock(nowMs),
    );
    this.items.set(itemId, { startedAtMs, endedAtMs: startedAtMs });
  }

  /** What he says is a turn of his, and no sound that he made while listening. */
  takesTurn(itemId: string): void {
    this.latest = itemId;
  }

  /** Returns when the last sound of it came in, on the monotonic clock. */
  stopped(itemId: string, audioEndMs: number, nowMs: number): number {
    this.turnEndedAtMs = audioEndMs;
    const lastSoundMs = Math.max(0, audioEndMs - this.cut.silenceMs);
    const speech = this.items.get(itemId);
    if (speech) {
      speech.endedAtMs = Math.max(speech.startedAtMs, this.timeline.mediaTime(lastSoundMs));
      this.talkMs += speech.endedAtMs - speech.startedAtMs;
    }
    return this.timeline.arrivedAtMs(lastSoundMs, nowMs);
  }

  /** Takes the times of an item; unknown ones get none. */
  times(itemId: string): Speech {
    return this.items.get(itemId) ?? { startedAtMs: 0, endedAtMs: 0 };
  }

  forget(itemId: string): void {
    this.items.delete(itemId);
  }

  /** The item of the caller's latest turn; empty before the first. */
  get latestItemId(): string {
    return this.latest;
  }

  get totalMs(): number {
    return Math.round(this.talkMs);
  }
}

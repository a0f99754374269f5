import type { MediaTimeline } from '../../media/media-timeline.js';

interface Speech {
  startedAtMs: number;
  endedAtMs: number;
}

/** When the caller spoke, on the media clock, and for how long altogether. */
export class CallerSpeech {
  private readonly items = new Map<string, Speech>();
  private latest: string;
  private talkMs: number;
  private turnEndedAtMs = 0;

  constructor(
    private readonly timeline: MediaTimeline,
    /** The model declares a turn over this long after its last sound. */
    private readonly silenceDurationMs: number,
    /** What the model puts before the first sound. */
    private readonly prefixPaddingMs: number,
    /** What the conversation's earlier streams have heard. */
    earlier: { readonly latestItemId: string; readonly talkTimeMs: number } | undefined,
  ) {
    this.latest = earlier?.latestItemId ?? '';
    this.talkMs = earlier?.talkTimeMs ?? 0;
  }

  started(itemId: string, audioStartMs: number): void {
    // Where the turn before ended the padding is cut short, and nobody says by how much.
    const isCutShort = audioStartMs <= this.turnEndedAtMs;
    const startedAtMs = this.timeline.mediaTime(audioStartMs + (isCutShort ? 0 : this.prefixPaddingMs));
    this.latest = itemId;
    this.items.set(itemId, { startedAtMs, endedAtMs: startedAtMs });
  }

  /** Returns when the last sound of it came in, on the monotonic clock. */
  stopped(itemId: string, audioEndMs: number, nowMs: number): number {
    this.turnEndedAtMs = audioEndMs;
    const lastSoundMs = Math.max(0, audioEndMs - this.silenceDurationMs);
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

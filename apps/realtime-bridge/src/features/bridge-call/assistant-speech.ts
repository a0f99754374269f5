import type { Cut, PlaybackLedger } from '../../domain/playback-ledger.js';
import type { Progress } from '../../domain/caller-sound.js';
import { heardPrefix, type SpokenText } from '../../domain/transcript.js';

interface Item {
  readonly responseId: string;
  words: string;
  startedAtMs: number | undefined;
}

export interface HeardItem {
  readonly itemId: string;
  readonly spoken: SpokenText;
}

/** Joins the words of the assistant's items with what the caller heard of their audio. */
export class AssistantSpeech {
  private readonly items = new Map<string, Item>();

  constructor(private readonly ledger: PlaybackLedger) {}

  /** True when this is the first that is known of the item. */
  begin(responseId: string, itemId: string): boolean {
    if (this.items.has(itemId)) return false;
    this.items.set(itemId, { responseId, words: '', startedAtMs: undefined });
    return true;
  }

  addWords(itemId: string, delta: string): void {
    const item = this.items.get(itemId);
    if (item) item.words += delta;
  }

  /** `text` is the whole of it when the model repeats it. */
  complete(itemId: string, text: string | undefined): void {
    const item = this.items.get(itemId);
    if (item && text !== undefined) item.words = text;
    this.ledger.whole(itemId);
  }

  /** The response is over: no item of it will go on. */
  completeAll(responseId: string): void {
    for (const [itemId, item] of this.items) if (item.responseId === responseId) this.ledger.whole(itemId);
  }

  /** Its first audio has left for the phone. */
  leaves(itemId: string, mediaTimeMs: number): void {
    const item = this.items.get(itemId);
    if (item) item.startedAtMs ??= mediaTimeMs;
  }

  /** The items that have been heard to their end since the last time. */
  takeHeard(language: string, mediaTimeMs: number): HeardItem[] {
    const heard: HeardItem[] = [];
    for (const [itemId, item] of this.items) {
      if (!this.ledger.heardWhole(itemId)) continue;
      this.items.delete(itemId);
      this.ledger.forget(itemId);
      heard.push({
        itemId,
        spoken: {
          text: item.words,
          language,
          startedAtMs: item.startedAtMs ?? mediaTimeMs,
          endedAtMs: mediaTimeMs,
        },
      });
    }
    return heard;
  }

  /** The words of all that has begun and not been heard to its end; undefined while the model may add to them. */
  unheardText(nowMs: number): string | undefined {
    const unheard = this.unheard(nowMs);
    return unheard.every(({ whole }) => whole) ? unheard.map(({ text }) => text).join(' ') : undefined;
  }

  /** How far the caller is into what he is hearing. */
  progress(nowMs: number): Progress | undefined {
    return this.unheard(nowMs)[0];
  }

  /** What was said of an item that was stopped: only what the caller heard, `heard` where that is known exactly. */
  cut(
    { itemId, heardMs, existingMs }: Cut,
    heard: string | undefined,
    language: string,
    mediaTimeMs: number,
  ): HeardItem {
    const item = this.items.get(itemId);
    this.items.delete(itemId);
    const text = heard ?? heardPrefix(item?.words ?? '', heardMs, existingMs);
    return {
      itemId,
      spoken: {
        text,
        language,
        startedAtMs: item?.startedAtMs ?? mediaTimeMs,
        endedAtMs: mediaTimeMs,
        interrupted: true,
      },
    };
  }

  private unheard(nowMs: number): (Progress & { readonly whole: boolean })[] {
    return [...this.items].flatMap(([itemId, { words }]) => {
      const progress = this.ledger.progressOf(itemId, nowMs);
      return progress && !this.ledger.heardWhole(itemId) ? [{ ...progress, text: words.trim() }] : [];
    });
  }
}

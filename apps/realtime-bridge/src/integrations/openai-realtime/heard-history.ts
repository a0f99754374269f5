import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime';
import type { OwnSpeech } from '../../domain/own-speech.js';
import { heardPrefix } from '../../domain/transcript.js';

/**
 * Makes the model remember what the caller heard. An item of text cannot be truncated: it is deleted, and its heard
 * beginning is put in its place, behind the item that it followed. The same goes for what was said in the model's place.
 */
export class HeardHistory {
  /** Which item each one follows; null for the first. */
  private readonly previous = new Map<string, string | null>();
  /** What stands where a deleted item stood; null for nothing. */
  private readonly replacements = new Map<string, string | null>();
  private readonly own = new Map<string, OwnSpeech>();
  private serial = 0;

  constructor(private readonly send: (event: RealtimeClientEvent) => void) {}

  /** The model has told where an item stands. */
  added(itemId: string, previousItemId: string | null | undefined): void {
    if (previousItemId !== undefined) this.previous.set(itemId, previousItemId);
  }

  /** The model remembers it as if it had said it. */
  add(speech: OwnSpeech): void {
    this.own.set(speech.itemId, speech);
    this.create(speech.itemId, speech.text);
  }

  /** What was heard of something that was said in the model's place, by the share of time; undefined for anything else. */
  ownHeardText(itemId: string, heardMs: number): string | undefined {
    const speech = this.own.get(itemId);
    return speech && heardPrefix(speech.text, heardMs, speech.durationMs);
  }

  /** Something that was said in the model's place was not heard to its end; what the model was never told of stays so. */
  truncateOwn(itemId: string, heardMs: number): void {
    const text = this.ownHeardText(itemId, heardMs);
    if (text !== undefined) this.keepOnly(itemId, text);
  }

  /** Of the item only `text` was heard; nothing remains of it when that is empty. */
  keepOnly(itemId: string, text: string): void {
    if (this.replacements.has(itemId)) return;
    this.send({ type: 'conversation.item.delete', item_id: itemId });
    if (text === '') {
      this.replacements.set(itemId, null);
      return;
    }
    this.serial += 1;
    const id = `heard_${this.serial}`;
    this.replacements.set(itemId, id);
    this.create(id, text, this.standingBefore(itemId));
  }

  forget(itemId: string): void {
    this.keepOnly(itemId, '');
  }

  private create(id: string, text: string, previous?: string): void {
    this.send({
      type: 'conversation.item.create',
      ...(previous !== undefined && { previous_item_id: previous }),
      item: { id, type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] },
    });
  }

  /** The nearest item before this one that is still there; `root` before all, undefined when it is not known. */
  private standingBefore(itemId: string): string | undefined {
    let before = this.previous.get(itemId);
    while (typeof before === 'string') {
      const replacement = this.replacements.get(before);
      if (replacement === undefined) return before;
      if (replacement !== null) return replacement;
      before = this.previous.get(before);
    }
    return before === null ? 'root' : undefined;
  }
}

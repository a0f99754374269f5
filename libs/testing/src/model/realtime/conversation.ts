import type { ConversationItem } from 'openai/resources/realtime/realtime';
import { newModelId } from '../identifiers.js';
import { Refusal } from './refusal.js';

/** An item as the client sees it, and what only the model knows about it. */
export interface Entry {
  item: ConversationItem & { id: string };
  /** User audio: what was understood. */
  heard?: string;
  /** Assistant speech: its words, as far as they were generated and not cut off. */
  said?: string;
  /** How much audio the item has, in milliseconds; absent where it has none. */
  audioMs?: number;
}

/** The conversation's items in their order. */
export class Conversation {
  readonly id = newModelId('conv');
  private entries: Entry[] = [];

  list(): readonly Entry[] {
    return this.entries;
  }

  find(itemId: string): Entry | undefined {
    return this.entries.find((entry) => entry.item.id === itemId);
  }

  get hasSpoken(): boolean {
    return this.entries.some(
      ({ item, audioMs }) => item.type === 'message' && item.role === 'assistant' && (audioMs ?? 0) > 0,
    );
  }

  /**
   * Puts an item behind `previousId`, in front of all for `root`, at the end without it.
   * Returns the id of the item that it follows. Throws `Refusal` when that item does not exist.
   */
  insert(entry: Entry, previousId?: string | null): string | null {
    const index = this.indexAfter(previousId);
    this.entries.splice(index, 0, entry);
    return this.entries[index - 1]?.item.id ?? null;
  }

  remove(itemId: string): void {
    if (!this.find(itemId))
      throw new Refusal(
        'item_delete_invalid_item_id',
        `Error deleting item: the item with id '${itemId}' does not exist.`,
        'item_id',
      );
    this.entries = this.entries.filter((entry) => entry.item.id !== itemId);
  }

  retrieve(itemId: string): ConversationItem {
    const entry = this.find(itemId);
    if (!entry)
      throw new Refusal(
        'item_retrieve_invalid_item_id',
        `Error retrieving item: the item with id '${itemId}' does not exist.`,
        'item_id',
      );
    return entry.item;
  }

  /** Shortens what the assistant said to what was heard of it. Throws `Refusal` beyond the audio that exists. */
  truncate(itemId: string, audioEndMs: number): void {
    const entry = this.find(itemId);
    if (!entry)
      throw new Refusal(
        'item_truncate_invalid_item_id',
        `Error truncating item: the item with id '${itemId}' does not exist.`,
        'item_id',
      );
    if (entry.audioMs === undefined || entry.item.type !== 'message' || entry.item.role !== 'assistant') {
      throw new Refusal('invalid_value', 'Only model output audio messages can be truncated.', 'item_id');
    }
    if (audioEndMs > Math.ceil(entry.audioMs)) {
      throw new Refusal(
        'invalid_value',
        `Audio content of ${Math.round(entry.audioMs)}ms is already shorter than ${audioEndMs}ms`,
        'audio_end_ms',
      );
    }
    const words = (entry.said ?? '').split(' ');
    entry.said = words
      .slice(0, Math.floor((words.length * audioEndMs) / Math.max(1, entry.audioMs)))
      .join(' ');
    entry.audioMs = audioEndMs;
    // Its text could say more than was heard, so it goes.
    entry.item = { ...entry.item, content: [{ type: 'output_audio', transcript: '' }] };
  }

  private indexAfter(previousId: string | null | undefined): number {
    if (previousId === undefined || previousId === null) return this.entries.length;
    if (previousId === 'root') return 0;
    const index = this.entries.findIndex((entry) => entry.item.id === previousId);
    if (index < 0) {
      throw new Refusal(
        'item_create_invalid_previous_item_id',
        `Error adding item: the previous item with id '${previousId}' does not exist.`,
        'previous_item_id',
      );
    }
    return index + 1;
  }
}

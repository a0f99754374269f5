import type { SnapshotStore } from '@tradeline/messaging';
import { log } from '@tradeline/service-runtime';
import { type ConversationSnapshot, ConversationSnapshots } from '../../domain/conversation-snapshots.js';
import type { SnapshotSeal } from './snapshot-seal.js';

/** Snapshots in the bus's key-value bucket, sealed. Writes of one conversation go in order; a newer one overtakes those that wait. */
export class SealedSnapshots extends ConversationSnapshots {
  private readonly waiting = new Map<string, ConversationSnapshot>();
  private readonly writing = new Map<string, Promise<void>>();

  constructor(
    private readonly store: Pick<SnapshotStore, 'put' | 'delete'>,
    private readonly seal: SnapshotSeal,
  ) {
    super();
  }

  keep(conversationId: string, snapshot: ConversationSnapshot): void {
    this.waiting.set(conversationId, snapshot);
    if (!this.writing.has(conversationId)) this.writing.set(conversationId, this.write(conversationId));
  }

  async forget(conversationId: string): Promise<void> {
    this.waiting.delete(conversationId);
    await this.writing.get(conversationId);
    // Should this fail, the bucket's time-to-live does the same a quarter of an hour later.
    await this.store
      .delete(conversationId)
      .catch((error: unknown) => log.warn('snapshot_not_deleted', { conversationId, error }));
  }

  private async write(conversationId: string): Promise<void> {
    for (
      let snapshot = this.waiting.get(conversationId);
      snapshot;
      snapshot = this.waiting.get(conversationId)
    ) {
      this.waiting.delete(conversationId);
      const plain = Buffer.from(JSON.stringify(snapshot));
      await this.store
        .put(conversationId, this.seal.seal(conversationId, plain))
        .catch((error: unknown) => log.warn('snapshot_not_kept', { conversationId, error }));
    }
    this.writing.delete(conversationId);
  }
}

import { SnapshotOvertaken, type SnapshotStore } from '@tradeline/messaging';
import { log } from '@tradeline/service-runtime';
import type { ConversationSnapshot, Keeping, SnapshotPen } from '../../domain/conversation-snapshots.js';
import { decodeSnapshot, encodeSnapshot, type SignedSnapshot } from './snapshot-codec.js';
import type { SnapshotSeal } from './snapshot-seal.js';

export interface PenParts {
  readonly conversationId: string;
  /** Names this pen in what it writes. */
  readonly writer: string;
  readonly store: Pick<SnapshotStore, 'get' | 'put' | 'delete'>;
  readonly seal: SnapshotSeal;
  readonly earlier: ConversationSnapshot | undefined;
  /** The write that ours follow; undefined when that could not be learned. */
  readonly revision: number | undefined;
}

/**
 * Writes one conversation's snapshots in order: one is on its way and one waits, which is always the newest. Each write
 * depends on the one before it, so that a bridge that was taken for dead cannot write over its successor.
 */
export class SealedPen implements SnapshotPen {
  readonly earlier: ConversationSnapshot | undefined;
  readonly isCertain: boolean;
  private revision: number | undefined;
  private newest!: ConversationSnapshot;
  private onItsWay: Promise<Keeping> = Promise.resolve('kept');
  private waiting: Promise<Keeping> | undefined;
  private isOvertaken = false;

  constructor(private readonly parts: PenParts) {
    this.earlier = parts.earlier;
    this.revision = parts.revision;
    this.isCertain = parts.revision !== undefined;
  }

  keep(snapshot: ConversationSnapshot): Promise<Keeping> {
    this.newest = snapshot;
    this.waiting ??= this.onItsWay.then(() => {
      this.waiting = undefined;
      this.onItsWay = this.attempt((revision) => this.write(this.newest, revision));
      return this.onItsWay;
    });
    return this.waiting;
  }

  async close(): Promise<Keeping> {
    await (this.waiting ?? this.onItsWay);
    // Should this fail, the bucket's time-to-live does the same a quarter of an hour later.
    return this.attempt((revision) => this.parts.store.delete(this.parts.conversationId, revision));
  }

  private async write(snapshot: ConversationSnapshot, revision: number | undefined): Promise<void> {
    const { conversationId, writer, store, seal } = this.parts;
    const sealed = seal.seal(conversationId, encodeSnapshot({ writer, snapshot }));
    this.revision = await store.put(conversationId, sealed, revision);
  }

  private async attempt(run: (revision: number | undefined) => Promise<void>): Promise<Keeping> {
    if (this.isOvertaken) return 'overtaken';
    const { conversationId } = this.parts;
    try {
      try {
        await run(this.revision);
      } catch (error) {
        if (!(error instanceof SnapshotOvertaken)) throw error;
        // A write whose acknowledgement was lost looks like another's.
        const own = await this.ownRevision();
        if (own === undefined) throw error;
        await run(own);
      }
      return 'kept';
    } catch (error) {
      this.isOvertaken = error instanceof SnapshotOvertaken;
      if (this.isOvertaken) log.warn('conversation_overtaken', { conversationId });
      else log.warn('snapshot_not_kept', { conversationId, error });
      return this.isOvertaken ? 'overtaken' : 'failed';
    }
  }

  private async ownRevision(): Promise<number | undefined> {
    const { conversationId, writer, store, seal } = this.parts;
    const stored = await store.get(conversationId);
    if (stored?.bytes === undefined) return undefined;
    return openSnapshot(seal, conversationId, stored.bytes)?.writer === writer ? stored.revision : undefined;
  }
}

/** @returns undefined when it cannot be read: altered, sealed with another secret, or of another release */
export const openSnapshot = (
  seal: SnapshotSeal,
  conversationId: string,
  bytes: Uint8Array,
): SignedSnapshot | undefined => {
  try {
    return decodeSnapshot(seal.open(conversationId, bytes));
  } catch {
    return undefined;
  }
};

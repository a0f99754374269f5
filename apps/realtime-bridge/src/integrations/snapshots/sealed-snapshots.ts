import { SnapshotOvertaken, type SnapshotStore } from '@tradeline/messaging';
import { log, newId } from '@tradeline/service-runtime';
import type { Clock } from '../../domain/clock.js';
import { ConversationSnapshots, type PenTaken } from '../../domain/conversation-snapshots.js';
import { openSnapshot, SealedPen } from './sealed-pen.js';
import { encodeSnapshot } from './snapshot-codec.js';
import type { SnapshotSeal } from './snapshot-seal.js';

/** A call does not wait longer than this to learn whether it has a past. */
export const LOOK_WITHIN_MS = 300;
/** The bridge before us may still be writing. */
const MOST_ATTEMPTS = 5;

type Options = NonNullable<Parameters<ConversationSnapshots['take']>[1]>;

/** Snapshots in the bus's key-value bucket, sealed. */
export class SealedSnapshots extends ConversationSnapshots {
  constructor(
    private readonly store: Pick<SnapshotStore, 'get' | 'put' | 'delete'>,
    private readonly seal: SnapshotSeal,
    private readonly clock: Clock,
  ) {
    super();
  }

  take(conversationId: string, options: Options = {}): Promise<PenTaken> {
    const writer = newId('pen');
    const blind = (reason: unknown): PenTaken => {
      log.warn('snapshot_not_found_out', { conversationId, reason });
      return this.pen(conversationId, writer, undefined);
    };
    return new Promise((resolve) => {
      let late = false;
      const cancel = this.clock.after(LOOK_WITHIN_MS, () => {
        late = true;
        resolve(blind('no answer in time'));
      });
      void this.look(conversationId, writer, options, () => late)
        .catch(blind)
        .then((taken) => {
          cancel();
          resolve(taken);
        });
    });
  }

  private async look(
    conversationId: string,
    writer: string,
    { onlyReleased = false }: Options,
    tooLate: () => boolean,
  ): Promise<PenTaken> {
    for (let attempt = 1; ; attempt++) {
      const stored = await this.store.get(conversationId);
      if (!stored) return onlyReleased ? 'over' : this.pen(conversationId, writer, 0);
      if (stored.bytes === undefined) return 'over';
      const found = openSnapshot(this.seal, conversationId, stored.bytes)?.snapshot;
      if (!found) {
        log.error('snapshot_unreadable', { conversationId });
        return this.pen(conversationId, writer, stored.revision);
      }
      if (onlyReleased && found.phase !== 'released') return 'over';
      // Nobody listens any more, and whoever goes on without an answer must not be overtaken by this.
      if (tooLate()) return 'over';
      try {
        // Written anew under our name: whoever wrote before us learns by it that the conversation is ours.
        const sealed = this.seal.seal(conversationId, encodeSnapshot({ writer, snapshot: found }));
        const revision = await this.store.put(conversationId, sealed, stored.revision);
        return new SealedPen({ ...this.common(conversationId, writer), earlier: found, revision });
      } catch (error) {
        if (!(error instanceof SnapshotOvertaken) || attempt >= MOST_ATTEMPTS) throw error;
      }
    }
  }

  private pen(conversationId: string, writer: string, revision: number | undefined): SealedPen {
    return new SealedPen({ ...this.common(conversationId, writer), earlier: undefined, revision });
  }

  private common(conversationId: string, writer: string) {
    return { conversationId, writer, store: this.store, seal: this.seal };
  }
}

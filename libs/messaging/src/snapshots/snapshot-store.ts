import { Kvm, type KV } from '@nats-io/kv';
import { Injectable } from '@nestjs/common';
import { SNAPSHOT_BUCKET } from '@tradeline/contracts';
import { Bus } from '../bus/bus.js';
import { isOvertaken } from '../bus/overtaken.js';

/** A caller may be waiting: a bus that does not answer within this is taken for one that is away. */
const ANSWER_WITHIN_MS = 2_000;

/** What the bucket holds under an id. */
export interface StoredSnapshot {
  /** Absent when it was deleted: the conversation is over. */
  readonly bytes: Uint8Array | undefined;
  /** Names this very write; the next one may be made to depend on it. */
  readonly revision: number;
}

/** Somebody else has written since the revision that a write depended on. */
export class SnapshotOvertaken extends Error {
  override readonly name = 'SnapshotOvertaken';
}

const orOvertaken = (error: unknown): never => {
  throw isOvertaken(error) ? new SnapshotOvertaken('another instance has written since') : error;
};

/**
 * One snapshot per live conversation, for another instance to take over. The bucket forgets what was not written
 * for fifteen minutes, so a running call writes again and its end deletes.
 */
@Injectable()
export class SnapshotStore {
  #bucket: Promise<KV> | undefined;

  constructor(private readonly bus: Bus) {}

  /**
   * @param revision the write that this one follows, 0 for none; without it, whatever is there is replaced
   * @returns the revision of this write
   * @throws SnapshotOvertaken
   */
  async put(id: string, bytes: Uint8Array, revision?: number): Promise<number> {
    const bucket = await this.#open();
    return bucket
      .put(id, bytes, {
        timeout: ANSWER_WITHIN_MS,
        ...(revision !== undefined && { previousSeq: revision }),
      })
      .catch(orOvertaken);
  }

  /** @returns undefined when there was none in the last fifteen minutes. */
  async get(id: string): Promise<StoredSnapshot | undefined> {
    const entry = await (await this.#open()).get(id);
    if (!entry) return undefined;
    return { bytes: entry.operation === 'PUT' ? entry.value : undefined, revision: entry.revision };
  }

  /** @throws SnapshotOvertaken when `revision` is given and is not the latest write */
  async delete(id: string, revision?: number): Promise<void> {
    const bucket = await this.#open();
    await bucket.delete(id, { ...(revision !== undefined && { previousSeq: revision }) }).catch(orOvertaken);
  }

  #open(): Promise<KV> {
    // bindOnly: the bucket is made with the streams, by whoever sets up the servers.
    this.#bucket ??= new Kvm(this.bus.jetstream)
      .open(SNAPSHOT_BUCKET.name, { bindOnly: true, allow_direct: true })
      .catch((error: unknown) => {
        this.#bucket = undefined;
        throw error;
      });
    return this.#bucket;
  }
}

import { Kvm, type KV } from '@nats-io/kv';
import { Injectable } from '@nestjs/common';
import { SNAPSHOT_BUCKET } from '@tradeline/contracts';
import { Bus } from '../bus/bus.js';

/**
 * One snapshot per live conversation, for another instance to take over. The bucket forgets what was not written
 * for fifteen minutes, so a running call writes again and its end deletes.
 */
@Injectable()
export class SnapshotStore {
  #bucket: Promise<KV> | undefined;

  constructor(private readonly bus: Bus) {}

  async put(id: string, bytes: Uint8Array): Promise<void> {
    await (await this.#open()).put(id, bytes);
  }

  /** @returns undefined when there is none. */
  async get(id: string): Promise<Uint8Array | undefined> {
    const entry = await (await this.#open()).get(id);
    return entry?.operation === 'PUT' ? entry.value : undefined;
  }

  async delete(id: string): Promise<void> {
    await (await this.#open()).delete(id);
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

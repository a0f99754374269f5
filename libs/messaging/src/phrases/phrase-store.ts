import { Kvm, type KV } from '@nats-io/kv';
import { Injectable } from '@nestjs/common';
import { PHRASE_BUCKET, PHRASE_CLAIM_BUCKET } from '@tradeline/contracts';
import { Bus } from '../bus/bus.js';
import { isOvertaken } from '../bus/overtaken.js';

/** Nobody waits for a phrase; it is looked for and made again later. */
const ANSWER_WITHIN_MS = 5_000;

const busyKey = (tenantId: string, language: string): string => `busy_${tenantId}_${language}`;

/** What the bucket holds under a key. */
export interface StoredPhrase {
  readonly bytes: Uint8Array;
  readonly storedAt: Date;
}

/** The sound of fixed phrases, shared by all instances. What is not written again for two months is forgotten. */
@Injectable()
export class PhraseStore {
  readonly #buckets = new Map<string, Promise<KV>>();

  constructor(private readonly bus: Bus) {}

  async get(key: string): Promise<StoredPhrase | undefined> {
    const entry = await (await this.#open(PHRASE_BUCKET.name)).get(key);
    return entry?.operation === 'PUT' ? { bytes: entry.value, storedAt: entry.created } : undefined;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await (await this.#open(PHRASE_BUCKET.name)).put(key, bytes, { timeout: ANSWER_WITHIN_MS });
  }

  /** Tells whoever only reads which sound says to a tenant's callers that all lines are busy. */
  async announceBusy(tenantId: string, language: string, key: string): Promise<void> {
    const known = await this.get(busyKey(tenantId, language));
    const isFresh = known && Date.now() - known.storedAt.getTime() < PHRASE_BUCKET.ttlMs / 2;
    if (!isFresh || Buffer.from(known.bytes).toString() !== key)
      await this.put(busyKey(tenantId, language), Buffer.from(key));
  }

  /** @returns the key of that sound */
  async busy(tenantId: string, language: string): Promise<string | undefined> {
    const known = await this.get(busyKey(tenantId, language));
    return known && Buffer.from(known.bytes).toString();
  }

  /** Takes the making of a phrase upon itself; false while another instance has done so. Fades within a minute. */
  async claim(key: string): Promise<boolean> {
    const claims = await this.#open(PHRASE_CLAIM_BUCKET.name);
    const isNew = await claims
      .put(key, this.bus.instance, { timeout: ANSWER_WITHIN_MS, previousSeq: 0 })
      .then(
        () => true,
        (error: unknown) => {
          if (isOvertaken(error)) return false;
          throw error;
        },
      );
    return isNew || (await claims.get(key))?.string() === this.bus.instance;
  }

  #open(name: string): Promise<KV> {
    const known = this.#buckets.get(name);
    if (known) return known;
    // bindOnly: the buckets are made with the streams, by whoever sets up the servers.
    const opening = new Kvm(this.bus.jetstream).open(name, { bindOnly: true, allow_direct: true });
    this.#buckets.set(name, opening);
    opening.catch(() => this.#buckets.delete(name));
    return opening;
  }
}

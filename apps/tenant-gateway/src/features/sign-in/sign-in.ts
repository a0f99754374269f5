import { Injectable } from '@nestjs/common';
import { log } from '@tradeline/service-runtime';
import { ApiKeyRepository } from '../../database/api-key.repository.js';
import { hashSecret, isSecretOf } from '../../database/secret-hash.js';
import { readApiKey, type ApiKeyText } from '../../domain/api-key.js';
import type { Caller } from '../../domain/caller.js';
import { KeyHolders } from '../../domain/key-holders.js';
import { keyRefused } from '../../telemetry.js';

/** A revoked key works this long at most in another process. */
const TRUST_MS = 10_000;
const MARK_EVERY_MS = 60_000;
const MAX_REMEMBERED = 10_000;

interface Known {
  readonly caller: Caller;
  readonly secretHash: Uint8Array;
  readonly untilMs: number;
}

/** Tells who holds an API key. A key that was just verified is trusted for a moment, so that a busy one costs no query. */
@Injectable()
export class SignIn extends KeyHolders {
  readonly #known = new Map<string, Known>();
  readonly #markedAtMs = new Map<string, number>();

  constructor(private readonly keys: ApiKeyRepository) {
    super();
  }

  async byKey(text: string): Promise<Caller | undefined> {
    const key = readApiKey(text);
    const caller = key && (this.#remembered(key) ?? (await this.#verified(key)));
    if (!caller) keyRefused(key?.keyId);
    else this.#markUsed(caller);
    return caller;
  }

  forget(keyId: string): void {
    this.#known.delete(keyId);
  }

  #remembered({ keyId, secret }: ApiKeyText): Caller | undefined {
    const known = this.#known.get(keyId);
    return known && known.untilMs > Date.now() && isSecretOf(known.secretHash, secret)
      ? known.caller
      : undefined;
  }

  async #verified(key: ApiKeyText): Promise<Caller | undefined> {
    const caller = await this.keys.verify(key);
    if (!caller) return undefined;
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    this.#known.set(key.keyId, {
      caller,
      secretHash: hashSecret(key.secret),
      untilMs: Date.now() + TRUST_MS,
    });
    return caller;
  }

  /** Beside the request: a note of when a key was last used is not worth a caller's time. */
  #markUsed(caller: Caller): void {
    const now = Date.now();
    if (now - (this.#markedAtMs.get(caller.keyId) ?? 0) < MARK_EVERY_MS) return;
    if (this.#markedAtMs.size >= MAX_REMEMBERED) this.#markedAtMs.clear();
    this.#markedAtMs.set(caller.keyId, now);
    this.keys
      .markUsed(caller)
      .catch((error: unknown) => log.warn('key_use_not_marked', { keyId: caller.keyId, error }));
  }
}

const MAX_KEYS = 50_000;
/** How many seconds' worth may come at once. */
const BURST_SECONDS = 3;

interface Bucket {
  tokens: number;
  refilledAtMs: number;
}

/** A token bucket per API key, in this process: a limit against accidents, not a quota. */
export class RateLimit {
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    private readonly perSecond: number,
    private readonly nowMs: () => number = Date.now,
  ) {}

  /** @returns 0 when the request may pass, otherwise the whole seconds to wait. */
  take(keyId: string): number {
    const now = this.nowMs();
    const bucket = this.#buckets.get(keyId) ?? { tokens: this.perSecond * BURST_SECONDS, refilledAtMs: now };
    const refill = ((now - bucket.refilledAtMs) / 1_000) * this.perSecond;
    bucket.tokens = Math.min(this.perSecond * BURST_SECONDS, bucket.tokens + refill);
    bucket.refilledAtMs = now;
    this.#remember(keyId, bucket);
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / this.perSecond));
    bucket.tokens -= 1;
    return 0;
  }

  /** The key that was quiet for longest is forgotten first; its bucket has filled meanwhile. */
  #remember(keyId: string, bucket: Bucket): void {
    this.#buckets.delete(keyId);
    this.#buckets.set(keyId, bucket);
    const oldest = this.#buckets.keys().next();
    if (this.#buckets.size > MAX_KEYS && !oldest.done) this.#buckets.delete(oldest.value);
  }
}

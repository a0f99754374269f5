/** Bounds how many deliveries are handled at once, and knows when the last one has finished. */
export class WorkSlots {
  readonly #running = new Set<Promise<void>>();

  constructor(readonly limit: number) {}

  get free(): number {
    return this.limit - this.#running.size;
  }

  /** Starts work without waiting for it; the work must not reject. */
  start(work: () => Promise<void>): void {
    const running: Promise<void> = work().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when at least one slot is free. */
  async available(): Promise<void> {
    while (this.free <= 0) await Promise.race(this.#running);
  }

  async finished(): Promise<void> {
    await Promise.allSettled(this.#running);
  }
}

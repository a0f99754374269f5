/** Keeps a claimed delivery for the worker that is at it, and tells that worker when it has lost it. */
export class Lease {
  private readonly lost = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private keptUntilMs: number;

  /** @param renew resolves to false when the delivery is no longer ours; a throw is tried again while the lease lasts. */
  constructor(
    private readonly leaseMs: number,
    private readonly renew: () => Promise<boolean>,
  ) {
    this.keptUntilMs = Date.now() + leaseMs;
    this.timer = setInterval(() => void this.beat(), leaseMs / 3);
    this.timer.unref();
  }

  /** Aborts when somebody else may have taken the delivery over. */
  get signal(): AbortSignal {
    return this.lost.signal;
  }

  end(): void {
    clearInterval(this.timer);
  }

  private async beat(): Promise<void> {
    const renewedAtMs = Date.now();
    const kept = await this.renew().catch(() => undefined);
    if (kept === true) this.keptUntilMs = renewedAtMs + this.leaseMs;
    if (kept === false || Date.now() >= this.keptUntilMs)
      this.lost.abort(new Error('the lease on the delivery was lost'));
  }
}

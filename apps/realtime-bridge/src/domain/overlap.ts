/** How long caller and assistant were heard at once; times are the media clock's, in milliseconds. */
export class Overlap {
  private sinceMs: number | undefined;
  private silentAtMs: number | undefined;

  /** The caller is first heard while we are. */
  began(callerAtMs: number): void {
    if (this.sinceMs !== undefined) return;
    this.sinceMs = callerAtMs;
    this.silentAtMs = undefined;
  }

  /** We are not heard any more. */
  weFellSilent(atMs: number): void {
    if (this.sinceMs !== undefined) this.silentAtMs ??= atMs;
  }

  /** The caller was last heard then. Returns for how long both were. */
  callerFellSilent(atMs: number): number {
    if (this.sinceMs === undefined) return 0;
    const overlapMs = Math.max(0, Math.min(this.silentAtMs ?? Infinity, atMs) - this.sinceMs);
    this.sinceMs = undefined;
    return Math.round(overlapMs);
  }
}

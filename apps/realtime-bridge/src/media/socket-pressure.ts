/** Half a minute of audio with its framing. A peer that has not read that much does not read at all. */
export const MAX_UNREAD_BYTES = 512 * 1024;

/** Tells when the peer of a socket has stopped reading, so that its own call ends before the process's memory does. */
export class SocketPressure {
  private tripped = false;
  private peak = 0;

  constructor(
    private readonly unreadBytes: () => number,
    private readonly onStuck: () => void,
  ) {}

  /** Look after each write: costs one property read. */
  watch(): void {
    const unread = this.unreadBytes();
    if (unread > this.peak) this.peak = unread;
    if (unread <= MAX_UNREAD_BYTES || this.tripped) return;
    this.tripped = true;
    this.onStuck();
  }

  get peakBytes(): number {
    return this.peak;
  }
}

import type { SnapshotPen } from '../../domain/conversation-snapshots.js';
import type { Reservation } from '../../domain/reservations.js';
import type { TextSocket } from '../../media/web-socket/text-socket.js';
import { CallInHand, type CallSurroundings } from './call-in-hand.js';

/** All calls of this process: takes new ones, and lets them come to their end when the process has to go. */
export class CallsInHand {
  private readonly calls = new Set<CallInHand>();

  constructor(private readonly around: CallSurroundings) {}

  take(socket: TextSocket, reservation: Reservation, pen: SnapshotPen): void {
    const call = new CallInHand(socket, reservation, pen, this.around);
    this.calls.add(call);
    void call.closed.then(() => this.calls.delete(call));
  }

  get count(): number {
    return this.calls.size;
  }

  /** The process was late: each call in hand has felt it. */
  lagged(): void {
    for (const call of this.calls) call.lagged();
  }

  /**
   * Waits until all calls, those that are still being set up among them, have come to their own end; those that have not
   * within the bound are given to another bridge.
   */
  async finish(allOver: Promise<void>, withinMs: number): Promise<void> {
    const outOfTime = new Promise<void>((resolve) => this.around.clock.after(withinMs, resolve));
    await Promise.race([allOver, outOfTime]);
    for (const call of this.calls) call.handOver();
    await Promise.all([...this.calls].map((call) => call.closed));
  }
}

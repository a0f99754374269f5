import { Injectable } from '@nestjs/common';
import { log, withLogContext } from '@tradeline/service-runtime';
import type { CallReference } from '../domain/call-reference.js';
import { CallLedger } from './call-ledger.js';
import { OwedWrites } from './owed-writes.js';

/** Twilio's final status comes within a second or two of the end, where the number has a status callback. */
export const FINAL_STATUS_WITHIN_MS = 15_000;

/**
 * Ends calls of which nobody reports the end: a number can be set up without status callback. Waits in memory, so a
 * call whose stream ends just before this process does stays open.
 */
@Injectable()
export class PresumedEnds {
  private readonly waiting = new Map<string, NodeJS.Timeout>();

  constructor(
    private readonly ledger: CallLedger,
    private readonly owed: OwedWrites,
  ) {}

  /** The call's stream has ended and no other follows: its final status should come soon. */
  expect(reference: CallReference, streamEndedAt: Date, withinMs = FINAL_STATUS_WITHIN_MS): void {
    if (this.waiting.has(reference.callId)) return;
    const timer = setTimeout(() => this.presume(reference, streamEndedAt), withinMs);
    this.waiting.set(reference.callId, timer.unref());
  }

  private presume(reference: CallReference, streamEndedAt: Date): void {
    const { tenantId, callId } = reference;
    this.waiting.delete(callId);
    withLogContext({ tenantId, callId }, () => {
      void this.owed.owe(callId, 'call_presumed_ended', async () => {
        if (await this.ledger.presumedEnded(reference, streamEndedAt)) log.warn('call_ended_without_status');
      });
    });
  }
}

import { Injectable } from '@nestjs/common';
import { inSpan, withLogContext } from '@tradeline/service-runtime';
import type { CallStatusReport, StreamStatusReport } from '@tradeline/twilio';
import { identify } from '../../database/call-identity.js';
import { CallLedger } from '../../database/call-ledger.js';
import { OwedWrites } from '../../database/owed-writes.js';
import { PresumedEnds } from '../../database/presumed-ends.js';
import type { CallReference } from '../../domain/call-reference.js';
import { NumberRoutes } from '../../domain/number-routes.js';
import { callReported } from '../../telemetry.js';

/** Follows each call by what the phone network reports of it, to its final status. */
@Injectable()
export class FollowCall {
  constructor(
    private readonly routes: NumberRoutes,
    private readonly ledger: CallLedger,
    private readonly owed: OwedWrites,
    private readonly presumedEnds: PresumedEnds,
  ) {}

  /**
   * Takes a status callback. Resolves when it is written, after what is still to be written about the same call;
   * when the database is away it is tried until it is back.
   * @returns false for a number that is nobody's: there is no tenant to write it for
   */
  async report(
    { callSid, status, durationMs, from, to }: CallStatusReport,
    reportedAt: Date,
  ): Promise<boolean> {
    const tenantId = to === undefined ? undefined : this.routes.ownerOf(to);
    if (tenantId === undefined || to === undefined) return false;
    const { callId } = identify(tenantId, callSid);
    await withLogContext({ tenantId, callId }, () =>
      inSpan('follow call', { attributes: { 'call.status': status } }, () =>
        this.owed.owe(callId, 'call_status', async () => {
          const report = { tenantId, callSid, status, durationMs, from, to, reportedAt };
          callReported(status, await this.ledger.reported(report));
        }),
      ),
    );
    return true;
  }

  /** A stream has ended, and the call should soon; that it broke is noted, so that the call's end has its cause. */
  async streamReported(
    { event, streamError }: StreamStatusReport,
    reference: CallReference,
    reportedAt: Date,
  ): Promise<void> {
    if (event === 'stream-started') return;
    this.presumedEnds.expect(reference, reportedAt);
    if (event !== 'stream-error' && streamError === undefined) return;
    const { tenantId, callId, bridgeInstance } = reference;
    await withLogContext({ tenantId, callId }, () =>
      this.owed.owe(callId, 'stream_status', () =>
        this.ledger.noted(tenantId, callId, 'stream_failed', bridgeInstance),
      ),
    );
  }
}

import { Injectable } from '@nestjs/common';
import { inSpan, withLogContext } from '@tradeline/service-runtime';
import { type CallStatusReport, hangup } from '@tradeline/twilio';
import { CallLedger } from '../../database/call-ledger.js';
import { OwedWrites } from '../../database/owed-writes.js';
import { PresumedEnds } from '../../database/presumed-ends.js';
import type { CallReference } from '../../domain/call-reference.js';
import { isFinal } from '../../domain/call-state.js';
import { TenantVoices } from '../../domain/tenant-voices.js';
import { BridgeWatch } from '../../integrations/bridges/bridge-watch.js';
import { spokenTwiml } from '../../integrations/twilio/spoken-twiml.js';
import { RecoverCall } from './recover-call.js';

/** Decides what follows when a media stream has ended: Twilio asks, with the caller perhaps still on the line. */
@Injectable()
export class AfterStream {
  constructor(
    private readonly watch: BridgeWatch,
    private readonly recoverCall: RecoverCall,
    private readonly ledger: CallLedger,
    private readonly owed: OwedWrites,
    private readonly presumedEnds: PresumedEnds,
    private readonly voices: TenantVoices,
  ) {}

  /** @returns TwiML */
  async next(report: CallStatusReport, reference: CallReference): Promise<string> {
    const { tenantId, callId, conversationId } = reference;
    return withLogContext({ tenantId, callId, conversationId }, () =>
      inSpan('after stream', { attributes: { 'call.status': report.status } }, () =>
        this.recoverCall.whileAwaited(callId, () => this.decide(report, reference)),
      ),
    );
  }

  private async decide(report: CallStatusReport, reference: CallReference): Promise<string> {
    this.completeRecord(report, reference);
    if (isFinal(report.status)) {
      this.presumedEnds.expect(reference, new Date());
      return hangup();
    }
    const { bridgeInstance } = reference;
    if (this.watch.fleet.isDraining(bridgeInstance)) {
      const twiml = await this.recover(report, reference, { onlyIfReleased: true });
      if (twiml !== undefined) return twiml;
    }
    // A bridge that ended the stream itself goes on beating; one that was killed took the socket along.
    const twiml = (await this.watch.isStillThere(bridgeInstance))
      ? undefined
      : await this.recover(report, reference);
    if (twiml !== undefined) return twiml;
    if (report.streamError !== undefined) return this.apologise(reference);
    this.presumedEnds.expect(reference, new Date());
    this.note(reference, 'assistant_hung_up');
    return hangup();
  }

  /** Undefined when there is nothing to go on with. */
  private async recover(
    report: CallStatusReport,
    reference: CallReference,
    options?: { onlyIfReleased: boolean },
  ): Promise<string | undefined> {
    const { callSid, accountSid, from, to } = report;
    if (to === undefined) return this.apologise(reference);
    const recovery = await this.recoverCall.recover({ reference, callSid, accountSid, from, to }, options);
    if ('twiml' in recovery) return recovery.twiml;
    // Not ours: the call is being redirected at this moment, which overrules whatever is answered here.
    return recovery.kind === 'over' ? undefined : this.apologise(reference);
  }

  private apologise(reference: CallReference): string {
    this.presumedEnds.expect(reference, new Date());
    this.note(reference, 'stream_failed');
    return spokenTwiml('connection_lost', this.voices.of(reference.tenantId));
  }

  private note({ tenantId, callId }: CallReference, reason: string): void {
    void this.owed.owe(callId, reason, () => this.ledger.noted(tenantId, callId, reason));
  }

  /** Writes the answer that a crash kept from being written; when it is there already, nothing. */
  private completeRecord({ callSid, from, to }: CallStatusReport, reference: CallReference): void {
    if (to === undefined) return;
    const { tenantId, callId, conversationId, receivedAt, bridgeInstance } = reference;
    const call = { tenantId, callId, conversationId, callSid, from, to, receivedAt };
    void this.owed.owe(callId, 'call_answered', () => this.ledger.answered(call, bridgeInstance));
  }
}

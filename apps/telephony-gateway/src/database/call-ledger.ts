import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Injectable } from '@nestjs/common';
import {
  CallAnsweredSchema,
  CallDeclinedSchema,
  CallEndedSchema,
  CallResult,
  DeclineReason,
} from '@tradeline/contracts';
import { appendEvent } from '@tradeline/messaging';
import { currentTraceparent, inSpan, TenantKeys } from '@tradeline/service-runtime';
import { instanceOf } from '../domain/bridge-run.js';
import type { CallReference } from '../domain/call-reference.js';
import { type CallState, isFinal, type PhoneStatus, type Step, stepOf } from '../domain/call-state.js';
import { eventIdOf, identify } from './call-identity.js';
import { type AnnouncedCall, CallRepository, type StoredCall } from './call.repository.js';
import { TelephonyDatabase, type TelephonyTx } from './prisma.js';

export type Declined = 'no_capacity' | 'number_inactive';

/** What a status callback says about a call. */
export interface ReportedCall {
  readonly tenantId: string;
  readonly callSid: string;
  readonly status: PhoneStatus;
  readonly durationMs: number | undefined;
  readonly from: string | undefined;
  readonly to: string;
  readonly reportedAt: Date;
}

export type ReportOutcome = Step | { readonly kind: 'ignored'; readonly why: 'not_announced' };

const DECLINE_REASONS: Readonly<Record<Declined, DeclineReason>> = {
  no_capacity: DeclineReason.NO_CAPACITY,
  number_inactive: DeclineReason.NUMBER_INACTIVE,
};

const RESULTS: Readonly<Record<CallState, CallResult>> = {
  in_progress: CallResult.UNSPECIFIED,
  completed: CallResult.COMPLETED,
  declined: CallResult.DECLINED,
  failed: CallResult.FAILED,
  busy: CallResult.BUSY,
  no_answer: CallResult.NO_ANSWER,
  canceled: CallResult.CANCELED,
};

/** What became of each call: row and event in one transaction, and every entry harmless when it is made twice. */
@Injectable()
export class CallLedger {
  constructor(
    private readonly database: TelephonyDatabase,
    private readonly keys: TenantKeys,
  ) {}

  /** @returns false when it was recorded before. */
  answered(call: AnnouncedCall, bridgeInstance: string): Promise<boolean> {
    return this.inCalls(call.tenantId, async (calls, tx) => {
      const isNew = await calls.insert({
        ...call,
        state: 'in_progress',
        phoneStatus: 'ringing',
        reason: '',
        hasConversation: true,
        bridgeInstance,
        traceparent: currentTraceparent(),
      });
      if (!isNew) return false;
      await appendEvent(
        tx,
        this.keys,
        CallAnsweredSchema,
        {
          callId: call.callId,
          callSid: call.callSid,
          fromNumber: call.from ?? '',
          toNumber: call.to,
          bridgeInstance: instanceOf(bridgeInstance),
          conversationId: call.conversationId,
        },
        { tenantId: call.tenantId, eventId: eventIdOf(call.callId, 'answered'), occurredAt: call.receivedAt },
      );
      return true;
    });
  }

  /** @returns false when it was recorded before. */
  declined(call: AnnouncedCall, reason: Declined): Promise<boolean> {
    return this.inCalls(call.tenantId, async (calls, tx) => {
      const isNew = await calls.insert({
        ...call,
        state: 'declined',
        phoneStatus: 'ringing',
        reason,
        hasConversation: false,
        bridgeInstance: undefined,
        traceparent: currentTraceparent(),
      });
      if (!isNew) return false;
      await appendEvent(
        tx,
        this.keys,
        CallDeclinedSchema,
        {
          callId: call.callId,
          callSid: call.callSid,
          fromNumber: call.from ?? '',
          toNumber: call.to,
          reason: DECLINE_REASONS[reason],
        },
        { tenantId: call.tenantId, eventId: eventIdOf(call.callId, 'declined'), occurredAt: call.receivedAt },
      );
      return true;
    });
  }

  /** Takes a status callback. A final one about a call that was never announced here is kept all the same. */
  reported(report: ReportedCall): Promise<ReportOutcome> {
    const { callId } = identify(report.tenantId, report.callSid);
    return this.inCalls(report.tenantId, async (calls, tx) => {
      const call = (await calls.lock(callId)) ?? (await this.insertFromReport(calls, report));
      if (!call) return { kind: 'ignored', why: 'not_announced' };
      const step = stepOf({ ...call, ended: call.endedAt !== undefined }, report.status);
      if (step.kind === 'moved') await calls.move(callId, step.phoneStatus);
      if (step.kind === 'ended') {
        await this.end(tx, calls, call, step, report.durationMs ?? 0, report.reportedAt);
      }
      return step;
    });
  }

  /** Notes why a call is about to end, for its final status to find; a stream's fault only while the call is that bridge's. */
  noted(tenantId: string, callId: string, reason: string, bridgeInstance?: string): Promise<void> {
    return this.inCalls(tenantId, (calls) => calls.noteReason(callId, reason, bridgeInstance));
  }

  /**
   * Ends a call whose stream ended a while ago and of which no final status came, as where the number has no status
   * callback. Does nothing when it has ended, or goes on with another bridge.
   * @returns whether it was ended now
   */
  presumedEnded({ tenantId, callId, bridgeInstance }: CallReference, streamEndedAt: Date): Promise<boolean> {
    return this.inCalls(tenantId, async (calls, tx) => {
      const call = await calls.lock(callId);
      if (!call || call.bridgeInstance !== bridgeInstance) return false;
      const step = stepOf({ ...call, ended: call.endedAt !== undefined }, 'completed');
      if (step.kind !== 'ended') return false;
      const durationMs = Math.max(0, streamEndedAt.getTime() - call.startedAt.getTime());
      await this.end(tx, calls, call, step, durationMs, streamEndedAt);
      return true;
    });
  }

  /** Gives a live call to another bridge. @returns false when somebody else has, or it is over. */
  handedOver(tenantId: string, callId: string, from: string, to: string): Promise<boolean> {
    return this.inCalls(tenantId, (calls) => calls.giveToBridge(callId, from, to));
  }

  find(tenantId: string, callId: string): Promise<StoredCall | undefined> {
    return this.inCalls(tenantId, (calls) => calls.find(callId));
  }

  liveOn(tenantId: string, bridgeInstance: string): Promise<readonly StoredCall[]> {
    return this.inCalls(tenantId, (calls) => calls.liveOn(bridgeInstance));
  }

  page(
    tenantId: string,
    limit: number,
    after?: { startedAt: Date; callId: string },
  ): Promise<readonly StoredCall[]> {
    return this.inCalls(tenantId, (calls) => calls.page(limit, after));
  }

  private inCalls<R>(
    tenantId: string,
    fn: (calls: CallRepository, tx: TelephonyTx) => Promise<R>,
  ): Promise<R> {
    return this.database.inTenant(tenantId, async (tx) =>
      fn(new CallRepository(tx, await this.keys.cipherFor(tx, tenantId)), tx),
    );
  }

  /** A call that ended before anything of it was recorded: our webhook was never reached, or we died answering it. */
  private async insertFromReport(
    calls: CallRepository,
    report: ReportedCall,
  ): Promise<StoredCall | undefined> {
    if (!isFinal(report.status)) return undefined;
    const identity = identify(report.tenantId, report.callSid);
    await calls.insert({
      ...identity,
      callSid: report.callSid,
      from: report.from,
      to: report.to,
      receivedAt: new Date(report.reportedAt.getTime() - (report.durationMs ?? 0)),
      state: 'in_progress',
      phoneStatus: 'ringing',
      reason: '',
      hasConversation: true,
      bridgeInstance: undefined,
      traceparent: currentTraceparent(),
    });
    // Locked again, because the record of the answer may have come in between.
    return calls.lock(identity.callId);
  }

  private async end(
    tx: TelephonyTx,
    calls: CallRepository,
    call: StoredCall,
    { state, phoneStatus, reason }: Extract<Step, { kind: 'ended' }>,
    durationMs: number,
    endedAt: Date,
  ): Promise<void> {
    await calls.end(call.callId, { state, phoneStatus, reason, durationMs, endedAt });
    // The callback is a request of its own, but what it says belongs to the trace that the call began with.
    await inSpan('end call', { parent: call.traceparent }, () =>
      appendEvent(
        tx,
        this.keys,
        CallEndedSchema,
        {
          callId: call.callId,
          callSid: call.callSid,
          conversationId: call.hasConversation ? call.conversationId : '',
          result: RESULTS[state],
          reason,
          durationMs: BigInt(durationMs),
          startedAt: timestampFromDate(call.startedAt),
          endedAt: timestampFromDate(endedAt),
          toNumber: call.to,
        },
        { tenantId: call.tenantId, eventId: eventIdOf(call.callId, 'ended'), occurredAt: endedAt },
      ),
    );
  }
}

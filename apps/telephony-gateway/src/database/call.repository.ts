import type { FieldCipher } from '@tradeline/service-runtime';
import type { CallState, PhoneStatus } from '../domain/call-state.js';
import type { CallIdentity } from './call-identity.js';
import type { CallRow, TelephonyTx } from './prisma.js';

/** A call as the phone network announced it. */
export interface AnnouncedCall extends CallIdentity {
  readonly callSid: string;
  /** E.164; undefined when withheld. */
  readonly from: string | undefined;
  /** E.164 */
  readonly to: string;
  readonly receivedAt: Date;
}

export interface StoredCall extends CallIdentity {
  readonly callSid: string;
  readonly from: string | undefined;
  readonly to: string;
  readonly direction: string;
  /** Whether a conversation was reserved for it. */
  readonly hasConversation: boolean;
  readonly state: CallState;
  readonly phoneStatus: PhoneStatus;
  readonly reason: string;
  readonly bridgeInstance: string | undefined;
  /** How often the call was given to another bridge. */
  readonly handovers: number;
  readonly traceparent: string | undefined;
  readonly startedAt: Date;
  readonly endedAt: Date | undefined;
  readonly durationMs: number;
}

export interface NewCall extends AnnouncedCall {
  readonly state: CallState;
  readonly phoneStatus: PhoneStatus;
  readonly reason: string;
  readonly hasConversation: boolean;
  readonly bridgeInstance: string | undefined;
  readonly traceparent: string | undefined;
}

const FROM = 'calls.from_number';
const TO = 'calls.to_number';

const storedCall = (row: CallRow, cipher: FieldCipher): StoredCall => ({
  tenantId: row.tenantId,
  callId: row.callId,
  conversationId: row.conversationId ?? '',
  callSid: row.callSid,
  from: row.fromNumber ? cipher.open(row.fromNumber, FROM) : undefined,
  to: cipher.open(row.toNumber, TO),
  direction: row.direction,
  hasConversation: row.conversationId !== null,
  state: row.state as CallState,
  phoneStatus: row.phoneStatus as PhoneStatus,
  reason: row.reason,
  bridgeInstance: row.bridgeInstance ?? undefined,
  handovers: row.handovers,
  traceparent: row.traceparent ?? undefined,
  startedAt: row.startedAt,
  endedAt: row.endedAt ?? undefined,
  durationMs: Number(row.durationMs),
});

/** The table `calls` of one tenant, within one transaction. */
export class CallRepository {
  constructor(
    private readonly tx: TelephonyTx,
    private readonly cipher: FieldCipher,
  ) {}

  /** @returns false when the call is there already; nothing is changed then. */
  async insert(call: NewCall): Promise<boolean> {
    const { count } = await this.tx.call.createMany({
      data: {
        tenantId: call.tenantId,
        callId: call.callId,
        callSid: call.callSid,
        conversationId: call.hasConversation ? call.conversationId : null,
        fromNumber: call.from === undefined ? null : this.cipher.seal(call.from, FROM),
        fromHash: call.from === undefined ? null : this.cipher.hash(call.from),
        toNumber: this.cipher.seal(call.to, TO),
        toHash: this.cipher.hash(call.to),
        state: call.state,
        phoneStatus: call.phoneStatus,
        reason: call.reason,
        bridgeInstance: call.bridgeInstance ?? null,
        traceparent: call.traceparent ?? null,
        startedAt: call.receivedAt,
      },
      skipDuplicates: true,
    });
    return count === 1;
  }

  /** The call, locked until the transaction ends: two reports about it take turns. */
  async lock(callId: string): Promise<StoredCall | undefined> {
    await this.tx.$queryRawUnsafe('SELECT 1 AS locked FROM calls WHERE call_id = $1 FOR UPDATE', callId);
    return this.find(callId);
  }

  async find(callId: string): Promise<StoredCall | undefined> {
    const row = await this.tx.call.findUnique({ where: { callId } });
    return row ? storedCall(row, this.cipher) : undefined;
  }

  async move(callId: string, phoneStatus: PhoneStatus): Promise<void> {
    await this.tx.call.update({ where: { callId }, data: { phoneStatus, updatedAt: new Date() } });
  }

  async end(
    callId: string,
    end: { state: CallState; phoneStatus: PhoneStatus; reason: string; durationMs: number; endedAt: Date },
  ): Promise<void> {
    await this.tx.call.update({
      where: { callId },
      data: { ...end, durationMs: BigInt(end.durationMs), updatedAt: new Date() },
    });
  }

  /**
   * Notes why a call is about to end; the first cause noted stays.
   * @param bridgeInstance the bridge it is about: a call that another one has by now does not end for that
   */
  async noteReason(callId: string, reason: string, bridgeInstance?: string): Promise<void> {
    await this.tx.call.updateMany({
      where: { callId, reason: '', endedAt: null, ...(bridgeInstance !== undefined && { bridgeInstance }) },
      data: { reason, updatedAt: new Date() },
    });
  }

  /** @returns false when the call has ended or is another bridge's already. */
  async giveToBridge(callId: string, from: string, to: string): Promise<boolean> {
    const { count } = await this.tx.call.updateMany({
      where: { callId, bridgeInstance: from, endedAt: null },
      data: { bridgeInstance: to, handovers: { increment: 1 }, reason: '', updatedAt: new Date() },
    });
    return count === 1;
  }

  async liveOn(bridgeInstance: string): Promise<readonly StoredCall[]> {
    const rows = await this.tx.call.findMany({
      where: { bridgeInstance, endedAt: null, state: 'in_progress' },
      take: 2_000,
    });
    return rows.map((row) => storedCall(row, this.cipher));
  }

  /** Newest first, those that come after the given position. */
  async page(limit: number, after?: { startedAt: Date; callId: string }): Promise<readonly StoredCall[]> {
    const rows = await this.tx.call.findMany({
      ...(after && {
        where: {
          OR: [
            { startedAt: { lt: after.startedAt } },
            { startedAt: after.startedAt, callId: { lt: after.callId } },
          ],
        },
      }),
      orderBy: [{ startedAt: 'desc' }, { callId: 'desc' }],
      take: limit,
    });
    return rows.map((row) => storedCall(row, this.cipher));
  }
}

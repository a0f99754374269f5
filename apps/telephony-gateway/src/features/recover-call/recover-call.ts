import { Injectable } from '@nestjs/common';
import { attributeKeys, inSpan, log, withLogContext } from '@tradeline/service-runtime';
import { CallLedger } from '../../database/call-ledger.js';
import { OwedWrites } from '../../database/owed-writes.js';
import type { CallReference } from '../../domain/call-reference.js';
import { TenantVoices } from '../../domain/tenant-voices.js';
import {
  BridgePlaces,
  type Place,
  type PlaceConditions,
  type PlaceRequest,
} from '../../integrations/bridges/bridge-places.js';
import { spokenTwiml } from '../../integrations/twilio/spoken-twiml.js';
import { streamTwiml } from '../../integrations/twilio/stream-twiml.js';
import { TwilioDoor } from '../../integrations/twilio/twilio-door.js';
import { callRecovered } from '../../telemetry.js';

/** A call whose bridge is gone. */
export interface StrandedCall {
  readonly reference: CallReference;
  readonly callSid: string;
  readonly accountSid: string;
  readonly from: string | undefined;
  readonly to: string;
  readonly traceparent?: string | undefined;
}

/**
 * What the caller gets instead: another stream, or an apology; `not_ours` when the call is over or somebody else's, `over`
 * when its conversation has come to its end and only the line is left to be dropped.
 */
export type Recovery =
  | { readonly kind: 'reconnect'; readonly twiml: string }
  | { readonly kind: 'apologise'; readonly twiml: string }
  | { readonly kind: 'not_ours' | 'over' };

/** A call that has lost two bridges would only lose a third. */
const MOST_HANDOVERS = 2;

/** Long after both ways of noticing have fired. */
const REMEMBERED_MS = 60_000;

/** A caller is waiting in silence; what is still being written about the call may not hold that up for long. */
const WAIT_FOR_WRITES_MS = 300;

/** A supervisor has a bridge back in about a second; a caller who hears nothing for longer hangs up. */
const WAIT_FOR_BRIDGE_MS = 1_000;
const LOOK_FOR_BRIDGE_EVERY_MS = 100;

const atMost = (ms: number, promise: Promise<void>): Promise<void> =>
  Promise.race([promise, new Promise<void>((resolve) => setTimeout(resolve, ms))]);

/**
 * Gives the calls of a lost bridge to another one. A loss is noticed twice, by the heartbeats that stop and by the
 * stream's `action`: the first claims the call, and the second gets nothing to do. Within this process the claim is
 * in memory; between processes it is the call's row, where only one of them can replace the lost bridge's name.
 */
@Injectable()
export class RecoverCall {
  private readonly claimed = new Set<string>();
  private readonly awaited = new Map<string, number>();

  constructor(
    private readonly places: BridgePlaces,
    private readonly ledger: CallLedger,
    private readonly owed: OwedWrites,
    private readonly voices: TenantVoices,
    private readonly door: TwilioDoor,
  ) {}

  /** Marks that Twilio waits for an answer about this call, as long as `answering` takes. */
  async whileAwaited<R>(callId: string, answering: () => Promise<R>): Promise<R> {
    this.awaited.set(callId, (this.awaited.get(callId) ?? 0) + 1);
    try {
      return await answering();
    } finally {
      const others = (this.awaited.get(callId) ?? 1) - 1;
      if (others > 0) this.awaited.set(callId, others);
      else this.awaited.delete(callId);
    }
  }

  isAwaited(callId: string): boolean {
    return this.awaited.has(callId);
  }

  /** @param onlyIfReleased the bridge lives: the call is taken from it only if it has given it away */
  recover(call: StrandedCall, { onlyIfReleased = false } = {}): Promise<Recovery> {
    const { tenantId, callId, conversationId, bridgeInstance } = call.reference;
    const claim = `${callId}|${bridgeInstance}`;
    if (this.claimed.has(claim)) return Promise.resolve({ kind: 'not_ours' });
    this.claimed.add(claim);
    setTimeout(() => this.claimed.delete(claim), REMEMBERED_MS).unref();
    return withLogContext({ tenantId, callId, conversationId }, () =>
      inSpan(
        'recover call',
        { parent: call.traceparent, attributes: { [attributeKeys.bridgeInstance]: bridgeInstance } },
        async () => {
          const recovery = await this.reconnect(call, onlyIfReleased);
          // Should the bridge be found dead after all, that is another matter.
          if (recovery.kind === 'over' && onlyIfReleased) this.claimed.delete(claim);
          callRecovered(recovery.kind, bridgeInstance);
          return recovery;
        },
      ),
    );
  }

  private async reconnect(call: StrandedCall, onlyIfReleased: boolean): Promise<Recovery> {
    const { reference, ...request } = call;
    await atMost(WAIT_FOR_WRITES_MS, this.owed.made(reference.callId));
    // The handshake of the new stream begins now, and the conversation stays the one that it is.
    const place =
      reference.handovers < MOST_HANDOVERS
        ? await this.placeFor(
            { ...reference, ...request, receivedAt: new Date(), handovers: reference.handovers + 1 },
            { except: reference.bridgeInstance, onlyIfReleased },
          )
        : undefined;
    if (place === 'over') return { kind: 'over' };
    if (!place) {
      const { tenantId, callId } = reference;
      void this.owed.owe(callId, 'stream_failed', () => this.ledger.noted(tenantId, callId, 'stream_failed'));
      return { kind: 'apologise', twiml: spokenTwiml('connection_lost', this.voices.of(tenantId)) };
    }
    if (!(await this.claimRow(reference, place))) return { kind: 'not_ours' };
    const next = { ...reference, bridgeInstance: place.bridgeInstance, handovers: reference.handovers + 1 };
    return { kind: 'reconnect', twiml: streamTwiml(this.door, place, next) };
  }

  /** Where no bridge has room, one may be about to come back. */
  private async placeFor(
    request: PlaceRequest,
    conditions: PlaceConditions,
  ): ReturnType<BridgePlaces['reserve']> {
    const until = performance.now() + WAIT_FOR_BRIDGE_MS;
    for (;;) {
      const place = await this.places.reserve(request, conditions);
      if (place || performance.now() > until) return place;
      await new Promise<void>((resolve) => setTimeout(resolve, LOOK_FOR_BRIDGE_EVERY_MS));
    }
  }

  private async claimRow(
    { tenantId, callId, bridgeInstance }: CallReference,
    place: Place,
  ): Promise<boolean> {
    try {
      return await this.ledger.handedOver(tenantId, callId, bridgeInstance, place.bridgeInstance);
    } catch (error) {
      // Without the database nobody can claim it; a caller in silence matters more than a second stream.
      log.warn('handover_not_claimed', { reason: error instanceof Error ? error.message : String(error) });
      return true;
    }
  }
}

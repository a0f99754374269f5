import type { Clock } from './clock.js';
import type { AssistantProfile } from './assistant-profile.js';
import type { PenTaken } from './conversation-snapshots.js';
import type { ModelSession } from './model-session.js';
import type { WorkLoad } from './work-load.js';

/** Longer than Twilio needs to open a stream, short enough not to pay for sessions of callers who hung up. */
export const RESERVATION_HOLD_MS = 15_000;
/** A gateway asks again within a second. */
const JUST_HELD_MS = 2_000;

/** A place held for one call, with the model's session already opening. */
export interface Reservation {
  readonly id: string;
  readonly tenantId: string;
  readonly callId: string;
  readonly callSid: string;
  readonly accountSid: string;
  readonly conversationId: string;
  /** E.164; empty when withheld. */
  readonly fromNumber: string;
  readonly toNumber: string;
  readonly profile: AssistantProfile;
  readonly session: ModelSession;
  /** Settles when it is known whether another bridge has carried this conversation before. Never rejects. */
  readonly pen: Promise<PenTaken>;
  readonly reservedAt: Date;
  /** On the monotonic clock. */
  readonly reservedAtMs: number;
  /** How long before the reservation the webhook came in. */
  readonly webhookAgeMs: number;
  /** W3C trace context of the request that reserved. */
  readonly traceparent: string | undefined;
}

export type Claim =
  { readonly kind: 'claimed'; readonly reservation: Reservation } | { readonly kind: 'unknown' | 'taken' };

interface Place {
  readonly reservation: Reservation;
  readonly expiresAtMs: number;
  claimed: boolean;
  cancelTimer: () => void;
}

/** The places of this instance: held ones and those in use. A place nobody claims in time is dropped. */
export class Reservations {
  private readonly places = new Map<string, Place>();
  private waitingForEmpty: (() => void)[] = [];

  constructor(
    private readonly clock: Clock,
    readonly capacity: number,
    private readonly onDropped: (reservation: Reservation) => void,
    private readonly load?: WorkLoad,
  ) {}

  get hasRoom(): boolean {
    return this.places.size < this.capacity && (this.load?.hasRoom(this.clock.nowMs()) ?? true);
  }

  /** Places held or in use. */
  get occupied(): number {
    return this.places.size;
  }

  hold(reservation: Reservation): void {
    const place: Place = {
      reservation,
      expiresAtMs: this.clock.nowMs() + RESERVATION_HOLD_MS,
      claimed: false,
      cancelTimer: () => undefined,
    };
    this.places.set(reservation.id, place);
    this.load?.placed(this.clock.nowMs());
    this.dropAfter(place, RESERVATION_HOLD_MS);
  }

  /** The place that was lately held for a call and waits for its stream: whoever asked did not hear our answer. */
  justHeldFor(callId: string): Reservation | undefined {
    const nowMs = this.clock.nowMs();
    for (const { reservation, claimed } of this.places.values())
      if (reservation.callId === callId && !claimed && nowMs - reservation.reservedAtMs < JUST_HELD_MS)
        return reservation;
    return undefined;
  }

  /** One stream at a time may hold a place. */
  claim(id: string): Claim {
    const place = this.places.get(id);
    if (!place) return { kind: 'unknown' };
    if (place.claimed) return { kind: 'taken' };
    place.claimed = true;
    place.cancelTimer();
    return { kind: 'claimed', reservation: place.reservation };
  }

  /** A stream that could not prove its right gives the place back, so that it cannot spend the rightful caller's. */
  giveBack(id: string): void {
    const place = this.places.get(id);
    if (!place) return;
    place.claimed = false;
    this.dropAfter(place, Math.max(0, place.expiresAtMs - this.clock.nowMs()));
  }

  /** The call is over. */
  release(id: string): void {
    this.places.get(id)?.cancelTimer();
    this.free(id);
  }

  /** Resolves when no place is held or in use. */
  empty(): Promise<void> {
    return this.places.size === 0
      ? Promise.resolve()
      : new Promise((resolve) => this.waitingForEmpty.push(resolve));
  }

  private free(id: string): void {
    this.places.delete(id);
    if (this.places.size > 0) return;
    for (const resolve of this.waitingForEmpty.splice(0)) resolve();
  }

  private dropAfter(place: Place, delayMs: number): void {
    place.cancelTimer = this.clock.after(delayMs, () => {
      this.free(place.reservation.id);
      place.reservation.session.close();
      this.onDropped(place.reservation);
    });
  }
}

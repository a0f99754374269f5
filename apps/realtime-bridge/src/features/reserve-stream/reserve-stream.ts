import { attributeKeys, currentTraceparent, inSpan, newId, startSpan } from '@tradeline/service-runtime';
import { signStreamToken, streamUrlOf } from '@tradeline/twilio';
import type { BridgeSettings } from '../../bridge-settings.js';
import type { AssistantProfile, Assistants } from '../../domain/assistant-profile.js';
import type { Clock } from '../../domain/clock.js';
import type { ConversationSnapshots, PenTaken } from '../../domain/conversation-snapshots.js';
import { buildInstructions } from '../../domain/instructions.js';
import type { ModelSession, ModelSessions } from '../../domain/model-session.js';
import { RESERVATION_HOLD_MS, type Reservation, type Reservations } from '../../domain/reservations.js';
import { TOOLS } from '../../domain/tools.js';
import { reservationRefused, reserved } from '../../telemetry.js';

export interface PlaceWanted {
  readonly tenantId: string;
  readonly callId: string;
  readonly callSid: string;
  readonly accountSid: string;
  readonly conversationId: string;
  readonly fromNumber: string;
  readonly toNumber: string;
  readonly webhookReceivedAt: Date | undefined;
  /** How often the call was given to another bridge before. */
  readonly handovers: number;
  /** The bridge that had the call may have ended it: only one that it has given away is taken. */
  readonly onlyIfReleased: boolean;
}

type Refusal = 'full' | 'draining' | 'unknown_tenant' | 'conversation_over';

export type PlaceOutcome =
  | {
      readonly kind: 'held';
      readonly reservationId: string;
      readonly streamUrl: string;
      readonly streamToken: string;
      readonly expiresAt: Date;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** A webhook's age beyond this is a clock that is wrong, not a slow gateway. */
const MAX_WEBHOOK_AGE_MS = 60_000;

/** Holds a place for a call that rings, and begins to open the model's session while the phone network sets up the stream. */
export class ReserveStream {
  constructor(
    private readonly settings: BridgeSettings,
    private readonly clock: Clock,
    private readonly assistants: Assistants,
    private readonly sessions: ModelSessions,
    private readonly snapshots: ConversationSnapshots,
    private readonly reservations: Reservations,
    private readonly draining: () => boolean,
  ) {}

  reserve(wanted: PlaceWanted): Promise<PlaceOutcome> {
    const attributes = { [attributeKeys.tenantId]: wanted.tenantId, [attributeKeys.callId]: wanted.callId };
    return inSpan('reserve', { attributes }, () => this.decide(wanted));
  }

  private async decide(wanted: PlaceWanted): Promise<PlaceOutcome> {
    const held = wanted.handovers === 0 ? this.reservations.justHeldFor(wanted.callId) : undefined;
    if (held) return this.placeOf(held);
    const profile = this.assistants.of(wanted.tenantId);
    const refusal = this.draining()
      ? 'draining'
      : !this.reservations.hasRoom
        ? 'full'
        : !profile
          ? 'unknown_tenant'
          : undefined;
    if (refusal !== undefined || !profile) return this.refuse(wanted, refusal ?? 'unknown_tenant');
    const conversationId = wanted.conversationId === '' ? newId('cv') : wanted.conversationId;
    const { onlyIfReleased: onlyReleased } = wanted;
    const pen = this.snapshots.take(conversationId, { onlyReleased });
    // A call that rings has no past, and its caller need not wait until that is certain.
    if ((wanted.handovers > 0 || onlyReleased) && (await pen) === 'over')
      return this.refuse(wanted, 'conversation_over');
    return this.hold({ ...wanted, conversationId }, profile, pen);
  }

  private refuse({ tenantId, callId }: PlaceWanted, refusal: Refusal): PlaceOutcome {
    reservationRefused(tenantId, callId, refusal);
    return { kind: 'refused', refusal };
  }

  private hold(wanted: PlaceWanted, profile: AssistantProfile, pen: Promise<PenTaken>): PlaceOutcome {
    const id = newId('rv');
    const now = this.clock.now();
    const webhookAgeMs = wanted.webhookReceivedAt ? now.getTime() - wanted.webhookReceivedAt.getTime() : 0;
    const reservation: Reservation = {
      ...wanted,
      id,
      profile,
      session: this.openSession(profile),
      pen,
      reservedAt: now,
      reservedAtMs: this.clock.nowMs(),
      webhookAgeMs: Math.min(Math.max(0, webhookAgeMs), MAX_WEBHOOK_AGE_MS),
      traceparent: currentTraceparent(),
    };
    this.reservations.hold(reservation);
    reserved(reservation);
    return this.placeOf(reservation);
  }

  private placeOf({ id, callSid, reservedAt }: Reservation): PlaceOutcome {
    const expiresAt = new Date(reservedAt.getTime() + RESERVATION_HOLD_MS);
    return {
      kind: 'held',
      reservationId: id,
      streamUrl: streamUrlOf(this.settings.publicUrl, `/streams/${this.settings.instance}/${id}`),
      streamToken: signStreamToken(
        this.settings.streamTokenSecret,
        { callSid, reservationId: id },
        expiresAt.getTime(),
      ),
      expiresAt,
    };
  }

  private openSession(profile: AssistantProfile): ModelSession {
    const session = this.sessions.open({
      adapter: profile.adapter,
      model: profile.model === '' ? this.settings.defaultModel : profile.model,
      voice: profile.voice,
      speechVoiceId: profile.elevenlabsVoiceId,
      instructions: buildInstructions(profile, this.clock.now()),
      tools: TOOLS,
      languages: profile.languages,
      keywords: [profile.businessName],
      silenceDurationMs: profile.silenceDurationMs,
      prefixPaddingMs: profile.prefixPaddingMs,
    });
    const span = startSpan('model session open', { attributes: { 'model.adapter': session.adapter } });
    void session.opened.then((opening) => {
      span.setAttributes(
        opening.kind === 'ready'
          ? { [attributeKeys.result]: 'ready' }
          : { [attributeKeys.result]: 'failed', [attributeKeys.reason]: opening.fault },
      );
      span.end();
    });
    return session;
  }
}

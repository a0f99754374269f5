import { Injectable } from '@nestjs/common';
import { attributeKeys, inSpan, withLogContext } from '@tradeline/service-runtime';
import type { IncomingCall } from '@tradeline/twilio';
import { type CallIdentity, identify } from '../../database/call-identity.js';
import { CallLedger, type Declined } from '../../database/call-ledger.js';
import { OwedWrites } from '../../database/owed-writes.js';
import { NumberRoutes } from '../../domain/number-routes.js';
import { TenantVoices } from '../../domain/tenant-voices.js';
import { BridgePlaces } from '../../integrations/bridges/bridge-places.js';
import { RecordedPhrases } from '../../integrations/phrases/recorded-phrases.js';
import { spokenTwiml } from '../../integrations/twilio/spoken-twiml.js';
import { streamTwiml } from '../../integrations/twilio/stream-twiml.js';
import { TwilioDoor } from '../../integrations/twilio/twilio-door.js';
import { callAnswered, callAnsweredAgain, callDeclined, unknownNumberCalled } from '../../telemetry.js';
import { RecentAnswers } from './recent-answers.js';

/** How long before a reservation lapses its TwiML is no longer handed out: the stream has yet to connect. */
const RESERVATION_MARGIN_MS = 3_000;

/** A refusal is repeated to the same call for a moment, and then decided afresh. */
const REFUSAL_LASTS_MS = 5_000;

interface Answer {
  readonly twiml: string;
  readonly validForMs: number;
}

/**
 * Answers an incoming call with TwiML: the assistant's stream, or a sentence that says why not.
 *
 * The answer waits for nothing but the bridge's reservation, least of all for the database. What became of the call is
 * written at once, beside the answer, and tried until it is. A crash in those milliseconds loses no fact: ids are
 * derived from the CallSid and Twilio comes back about every call, so its retry of the webhook and the stream's
 * `action` write the same CallAnswered under the same id (`action` brings the bridge's name back, signed), and the
 * final status writes call and CallEnded when there is nothing yet. What is written already is not written again.
 */
@Injectable()
export class AnswerCall {
  private readonly recent = new RecentAnswers();

  constructor(
    private readonly routes: NumberRoutes,
    private readonly voices: TenantVoices,
    private readonly places: BridgePlaces,
    private readonly ledger: CallLedger,
    private readonly owed: OwedWrites,
    private readonly door: TwilioDoor,
    private readonly phrases: RecordedPhrases,
  ) {}

  async answer(call: IncomingCall, receivedAt: Date): Promise<string> {
    const route = this.routes.routeOf(call.to);
    if (route.kind === 'unknown') {
      unknownNumberCalled();
      return spokenTwiml('unknown_number', this.voices.of(undefined));
    }
    const identity = identify(route.tenantId, call.callSid);
    return withLogContext(identity, () => {
      const repeated = this.recent.of(identity.callId);
      if (repeated) callAnsweredAgain();
      const decide = (): Promise<Answer> =>
        inSpan('answer call', { attributes: { [attributeKeys.callSid]: call.callSid } }, () =>
          route.kind === 'inactive'
            ? this.decline(call, identity, receivedAt, 'number_inactive')
            : this.connect(call, identity, receivedAt),
        );
      return repeated ?? this.recent.keep(identity.callId, decide);
    });
  }

  private async connect(call: IncomingCall, identity: CallIdentity, receivedAt: Date): Promise<Answer> {
    const { callSid, accountSid, from, to } = call;
    const announced = { ...identity, callSid, from, to, receivedAt };
    const place = await this.places.reserve({ ...announced, accountSid, handovers: 0 });
    if (!place || place === 'over') return this.decline(call, identity, receivedAt, 'no_capacity');
    void this.owed.owe(identity.callId, 'call_answered', () =>
      this.ledger.answered(announced, place.bridgeInstance),
    );
    callAnswered(place.bridgeInstance, receivedAt);
    const reference = { ...identity, bridgeInstance: place.bridgeInstance, receivedAt, handovers: 0 };
    return {
      twiml: streamTwiml(this.door, place, reference),
      validForMs: place.expiresAtMs - Date.now() - RESERVATION_MARGIN_MS,
    };
  }

  private async decline(
    { callSid, from, to }: IncomingCall,
    identity: CallIdentity,
    receivedAt: Date,
    reason: Declined,
  ): Promise<Answer> {
    const announced = { ...identity, callSid, from, to, receivedAt };
    void this.owed.owe(identity.callId, 'call_declined', () => this.ledger.declined(announced, reason));
    callDeclined(reason);
    const listener = this.voices.of(identity.tenantId);
    const recordings =
      reason === 'no_capacity'
        ? await this.phrases.allLinesBusy(identity.tenantId, listener.languages)
        : undefined;
    const twiml = spokenTwiml(reason, listener, recordings);
    return { twiml, validForMs: REFUSAL_LASTS_MS };
  }
}

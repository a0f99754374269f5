import { Injectable, type OnModuleInit } from '@nestjs/common';
import { log } from '@tradeline/service-runtime';
import { TwilioRest } from '@tradeline/twilio';
import { CallLedger } from '../../database/call-ledger.js';
import type { StoredCall } from '../../database/call.repository.js';
import { NumberRoutes } from '../../domain/number-routes.js';
import { TwilioAccount } from '../../integrations/twilio/twilio-account.js';
import { BridgeWatch } from '../../integrations/bridges/bridge-watch.js';
import { RecoverCall } from './recover-call.js';

/** Tenants looked at side by side: a few connections of the pool, and the rest is left to calls that come in. */
const TENANTS_AT_ONCE = 4;

/**
 * A bridge that is cut off sends no end of its sockets, and Twilio would keep streaming into the void. When its
 * heartbeats stop, its calls are given new TwiML through Twilio's REST API.
 */
@Injectable()
export class RedirectCallsOfLostBridge implements OnModuleInit {
  constructor(
    private readonly watch: BridgeWatch,
    private readonly routes: NumberRoutes,
    private readonly ledger: CallLedger,
    private readonly recoverCall: RecoverCall,
    private readonly twilio: TwilioRest,
    private readonly account: TwilioAccount,
  ) {}

  onModuleInit(): void {
    this.watch.whenBridgeDies((instance) => void this.redirectAll(instance));
  }

  /** Never rejects: what cannot be redirected is left to the stream's `action`. */
  async redirectAll(bridgeInstance: string): Promise<void> {
    const tenants = [...this.routes.tenants()];
    const work = async (): Promise<void> => {
      for (let tenantId = tenants.shift(); tenantId !== undefined; tenantId = tenants.shift()) {
        await this.redirectOf(tenantId, bridgeInstance);
      }
    };
    await Promise.all(Array.from({ length: TENANTS_AT_ONCE }, work));
  }

  private async redirectOf(tenantId: string, bridgeInstance: string): Promise<void> {
    try {
      const stranded = await this.ledger.liveOn(tenantId, bridgeInstance);
      await Promise.all(stranded.map((call) => this.redirect(call, bridgeInstance)));
    } catch (error) {
      log.error('redirect_failed', { tenantId, error });
    }
  }

  private async redirect(call: StoredCall, bridgeInstance: string): Promise<void> {
    // Twilio is asking what follows already: the answer that it waits for is the better way.
    if (this.recoverCall.isAwaited(call.callId)) return;
    const { callSid, from, to, traceparent } = call;
    const reference = { ...call, bridgeInstance, receivedAt: call.startedAt };
    const { sid: accountSid } = this.account;
    const recovery = await this.recoverCall.recover({
      reference,
      callSid,
      accountSid,
      from,
      to,
      traceparent,
    });
    if (!('twiml' in recovery)) return;
    const update = await this.twilio.updateCall(callSid, { twiml: recovery.twiml });
    log.info('call_redirected', { callId: call.callId, outcome: update.kind });
  }
}

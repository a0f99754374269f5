import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Injectable } from '@nestjs/common';
import { ReserveRequestSchema, ReserveResponseSchema } from '@tradeline/contracts';
import { RpcClient } from '@tradeline/messaging';
import { attributeKeys, inSpan, log } from '@tradeline/service-runtime';
import { instanceOf } from '../../domain/bridge-run.js';
import { BridgeWatch } from './bridge-watch.js';

/** A bridge answers in a few milliseconds; one that does not within this is not fit to carry a call. */
export const RESERVATION_TIMEOUT_MS = 300;

/** A caller hears nothing while we ask: the best bridge and, once, the next best, or the only one again when it was silent. */
const MOST_TIMES_ASKED = 2;

export interface PlaceRequest {
  readonly tenantId: string;
  readonly callId: string;
  readonly callSid: string;
  readonly conversationId: string;
  readonly accountSid: string;
  readonly from: string | undefined;
  readonly to: string;
  readonly receivedAt: Date;
  /** How often the call was given to another bridge before; 0 while it rings. */
  readonly handovers: number;
}

export interface PlaceConditions {
  /** An instance that is not asked. */
  readonly except?: string;
  /** Only a conversation that its bridge has given away is gone on with. */
  readonly onlyIfReleased?: boolean;
}

/** A place on a bridge that the media stream may claim once. */
export interface Place {
  /** The run of it, see `runOf`: should the instance be started again, the place is gone. */
  readonly bridgeInstance: string;
  readonly streamUrl: string;
  readonly streamToken: string;
  readonly expiresAtMs: number;
}

/** When the bridge does not say until when it holds the place. */
const DEFAULT_LIFETIME_MS = 15_000;

/** Gets a call its place on a bridge. */
@Injectable()
export class BridgePlaces {
  constructor(
    private readonly watch: BridgeWatch,
    private readonly rpc: RpcClient,
  ) {}

  /** Asks the least loaded bridges in turn; undefined when none has room for the call, `over` when there is nothing to go on with. */
  async reserve(
    request: PlaceRequest,
    { except, onlyIfReleased = false }: PlaceConditions = {},
  ): Promise<Place | 'over' | undefined> {
    return inSpan('reserve bridge', {}, async (span) => {
      const bridges = this.watch.fleet.withRoom(performance.now()).filter((instance) => instance !== except);
      const [only] = bridges;
      const inTurn = bridges.length === 1 && only !== undefined ? [only, only] : bridges;
      for (const bridgeInstance of inTurn.slice(0, MOST_TIMES_ASKED)) {
        const place = await this.ask(bridgeInstance, request, onlyIfReleased);
        if (place === 'silent') continue;
        if (place === 'refused' && bridges.length === 1) break;
        if (place === 'refused') continue;
        if (place === 'over') return place;
        span.setAttribute(attributeKeys.bridgeInstance, bridgeInstance);
        return place;
      }
      log.warn('no_bridge_has_room', { bridgesWithRoom: bridges.length });
      return undefined;
    });
  }

  private async ask(
    bridgeInstance: string,
    request: PlaceRequest,
    onlyIfReleased: boolean,
  ): Promise<Place | 'over' | 'refused' | 'silent'> {
    this.watch.fleet.gave(bridgeInstance);
    try {
      const reply = await this.rpc.ask(
        ReserveRequestSchema,
        ReserveResponseSchema,
        {
          tenantId: request.tenantId,
          callId: request.callId,
          callSid: request.callSid,
          conversationId: request.conversationId,
          accountSid: request.accountSid,
          fromNumber: request.from ?? '',
          toNumber: request.to,
          webhookReceivedAt: timestampFromDate(request.receivedAt),
          handovers: request.handovers,
          onlyIfReleased,
        },
        { timeoutMs: RESERVATION_TIMEOUT_MS, subjectSuffix: instanceOf(bridgeInstance) },
      );
      if (!reply.accepted || reply.streamUrl === '') {
        log.warn('reservation_refused', { bridge: bridgeInstance, refusal: reply.refusal });
        return reply.refusal === 'conversation_over' ? 'over' : 'refused';
      }
      const expiresAtMs = reply.expiresAt
        ? Number(reply.expiresAt.seconds) * 1000
        : Date.now() + DEFAULT_LIFETIME_MS;
      return { bridgeInstance, streamUrl: reply.streamUrl, streamToken: reply.streamToken, expiresAtMs };
    } catch (error) {
      log.warn('reservation_failed', {
        bridge: bridgeInstance,
        reason: error instanceof Error ? error.message : String(error),
      });
      return 'silent';
    }
  }
}

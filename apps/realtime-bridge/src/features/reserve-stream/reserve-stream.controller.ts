import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Controller } from '@nestjs/common';
import { type ReserveRequest, ReserveRequestSchema, ReserveResponseSchema } from '@tradeline/contracts';
import { OnRequest } from '@tradeline/messaging';
import { ReserveStream } from './reserve-stream.js';

@Controller()
export class ReserveStreamController {
  constructor(private readonly reserveStream: ReserveStream) {}

  /** Asked of this very instance, by telephony-gateway, while the caller hears it ring. */
  @OnRequest(ReserveRequestSchema, ReserveResponseSchema)
  async reserve(request: ReserveRequest): Promise<MessageInitShape<typeof ReserveResponseSchema>> {
    const { tenantId, callId, callSid, accountSid, conversationId, fromNumber, toNumber } = request;
    const { webhookReceivedAt, handovers, onlyIfReleased } = request;
    const outcome = await this.reserveStream.reserve({
      tenantId,
      callId,
      callSid,
      accountSid,
      conversationId,
      fromNumber,
      toNumber,
      webhookReceivedAt: webhookReceivedAt && timestampDate(webhookReceivedAt),
      handovers,
      onlyIfReleased,
    });
    if (outcome.kind === 'refused') return { accepted: false, refusal: outcome.refusal };
    const { reservationId, streamUrl, streamToken, expiresAt } = outcome;
    return { accepted: true, reservationId, streamUrl, streamToken, expiresAt: timestampFromDate(expiresAt) };
  }
}

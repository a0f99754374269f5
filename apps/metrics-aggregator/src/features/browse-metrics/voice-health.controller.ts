import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Controller } from '@nestjs/common';
import {
  type GetStreamLogRequest,
  GetStreamLogRequestSchema,
  GetStreamLogResponseSchema,
  type GetVoiceHealthRequest,
  GetVoiceHealthRequestSchema,
  GetVoiceHealthResponseSchema,
  type StreamLogSchema,
} from '@tradeline/contracts';
import { NotFound, OnRequest, RpcRefused } from '@tradeline/messaging';
import { MetricsDatabase } from '../../database/prisma.js';
import { type StreamLog, VoiceHealthRepository } from '../../database/voice-health.repository.js';
import { Clock } from '../../domain/clock.js';
import { trendOf } from '../../domain/trend.js';
import { USUAL_WINDOW_SECONDS, WINDOWS_SECONDS } from '../../domain/voice-health.js';
import { healthAnswer } from './health-answer.js';

const shownLog = (log: StreamLog): MessageInitShape<typeof StreamLogSchema> => ({
  callId: log.callId,
  callSid: log.callSid,
  startedAt: timestampFromDate(log.startedAt),
  ...(log.connectedAt && { connectedAt: timestampFromDate(log.connectedAt) }),
  handshakeMs: log.elapsedMs ?? 0,
  fellBack: log.fellBack,
  errorMessage: log.errorMessage,
  ...(log.twilioStart && { twilioStart: timestampFromDate(log.twilioStart) }),
  ...(log.openaiConnect && { openaiConnect: timestampFromDate(log.openaiConnect) }),
  firstByteLatencyMs: log.firstByteLatencyMs ?? 0,
  messagesIn: log.messagesIn,
  messagesOut: log.messagesOut,
  silenceNudges: log.silenceNudges,
  bargeIns: log.bargeIns,
  greetingMs: log.greetingMs ?? 0,
  language: log.language,
  truncations: log.truncations,
  falseInterruptions: log.falseInterruptions,
  overlapMs: log.overlapMs,
  modelErrors: log.modelErrors,
});

/** Answers how well a tenant's callers are served. */
@Controller()
export class VoiceHealthController {
  constructor(
    private readonly database: MetricsDatabase,
    private readonly clock: Clock,
  ) {}

  @OnRequest(GetVoiceHealthRequestSchema, GetVoiceHealthResponseSchema)
  async health(
    request: GetVoiceHealthRequest,
  ): Promise<MessageInitShape<typeof GetVoiceHealthResponseSchema>> {
    const windowSeconds = request.windowSeconds || USUAL_WINDOW_SECONDS;
    if (!WINDOWS_SECONDS.some((offered) => offered === windowSeconds)) {
      throw new RpcRefused('invalid', `the window must be one of ${WINDOWS_SECONDS.join(', ')} seconds`);
    }
    const measuredAt = this.clock.now();
    // A millisecond is the least that is told apart, so what starts now is still within.
    const until = measuredAt.getTime() + 1;
    const from = measuredAt.getTime() - windowSeconds * 1_000;
    return this.database.inTenant(request.tenantId, async (tx) => {
      const health = new VoiceHealthRepository(tx);
      const figures = await health.window({ from, until });
      const { handshake, firstByte } = await health.hours(until);
      return healthAnswer({
        windowSeconds,
        measuredAt,
        figures,
        relativeAccuracy: VoiceHealthRepository.accuracyOf(figures),
        handshakeTrend: trendOf('handshake_trend', handshake.before, handshake.now),
        firstByteTrend: trendOf('first_byte_trend', firstByte.before, firstByte.now),
      });
    });
  }

  @OnRequest(GetStreamLogRequestSchema, GetStreamLogResponseSchema)
  async streamLog({
    tenantId,
    callId,
  }: GetStreamLogRequest): Promise<MessageInitShape<typeof GetStreamLogResponseSchema>> {
    const log = await this.database.inTenant(tenantId, (tx) => new VoiceHealthRepository(tx).logOf(callId));
    if (!log) throw new NotFound(`no stream of call ${callId}`);
    return { log: shownLog(log) };
  }
}

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
  HealthLevel,
  type PercentilesSchema,
  type StreamLogSchema,
} from '@tradeline/contracts';
import { NotFound, OnRequest, RpcRefused } from '@tradeline/messaging';
import { MetricsDatabase } from '../../database/prisma.js';
import { type StreamLog, VoiceHealthRepository } from '../../database/voice-health.repository.js';
import { Clock } from '../../domain/clock.js';
import {
  FIRST_BYTE_P95_MS,
  HANDSHAKE_P95_MS,
  type Level,
  levelOf,
  type Percentiles,
  USUAL_WINDOW_SECONDS,
  WINDOWS_SECONDS,
  worst,
} from '../../domain/voice-health.js';

const LEVELS: Readonly<Record<Level, HealthLevel>> = {
  no_data: HealthLevel.NO_DATA,
  ok: HealthLevel.OK,
  warn: HealthLevel.WARN,
  critical: HealthLevel.CRITICAL,
};

const shown = ({ p50, p95, p99, count }: Percentiles) => ({
  p50Ms: p50,
  p95Ms: p95,
  p99Ms: p99,
  count: BigInt(count),
});

const judged = (
  percentiles: Percentiles,
  thresholdMs: number,
): MessageInitShape<typeof PercentilesSchema> => ({
  ...shown(percentiles),
  thresholdMs,
  level: LEVELS[levelOf(percentiles, thresholdMs)],
});

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
    const from = new Date(measuredAt.getTime() - windowSeconds * 1000);
    const figures = await this.database.inTenant(request.tenantId, (tx) =>
      new VoiceHealthRepository(tx).since(from),
    );
    const { handshake, firstByte, heardGap, calls, fellBack, silenceNudges, messagesIn, messagesOut } =
      figures;
    return {
      windowSeconds,
      measuredAt: timestampFromDate(measuredAt),
      level: LEVELS[worst(levelOf(handshake, HANDSHAKE_P95_MS), levelOf(firstByte, FIRST_BYTE_P95_MS))],
      handshake: judged(handshake, HANDSHAKE_P95_MS),
      firstByte: judged(firstByte, FIRST_BYTE_P95_MS),
      // Shown, not judged: nobody has set a bound for it.
      heardGap: {
        ...shown(heardGap),
        level: heardGap.count === 0 ? HealthLevel.NO_DATA : HealthLevel.UNSPECIFIED,
      },
      calls: BigInt(calls),
      fellBack: BigInt(fellBack),
      silenceNudges: BigInt(silenceNudges),
      messagesIn: BigInt(messagesIn),
      messagesOut: BigInt(messagesOut),
    };
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

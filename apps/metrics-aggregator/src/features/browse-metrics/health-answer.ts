import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  type GetVoiceHealthResponseSchema,
  HealthLevel,
  type HealthSliceSchema,
  type HealthTrendSchema,
  type PercentilesSchema,
} from '@tradeline/contracts';
import { findingMessage, LEVELS } from '../../domain/health-messages.js';
import type { Latencies } from '../../domain/latencies.js';
import type { Trend } from '../../domain/trend.js';
import {
  findingsOf,
  FIRST_BYTE_P95_MS,
  HANDSHAKE_P95_MS,
  levelOf,
  type Measure,
  worst,
} from '../../domain/voice-health.js';
import type { Figures, Slice, WindowFigures } from '../../domain/window-figures.js';

type PercentilesMessage = MessageInitShape<typeof PercentilesSchema>;

/** Shown and not judged: nobody has set a bound for it. */
const shown = (latencies: Latencies): PercentilesMessage => {
  const { p50, p95, p99, count } = latencies.percentiles();
  const level = count === 0 ? HealthLevel.NO_DATA : HealthLevel.UNSPECIFIED;
  return { p50Ms: p50, p95Ms: p95, p99Ms: p99, count: BigInt(count), level };
};

const judged = (measure: Measure, latencies: Latencies, thresholdMs: number): PercentilesMessage => {
  const { p95, count } = latencies.percentiles();
  return { ...shown(latencies), thresholdMs, level: LEVELS[levelOf(measure, p95, count)] };
};

const clocksOf = ({ clocks }: Figures) => ({
  handshake: judged('handshake_p95', clocks.handshake, HANDSHAKE_P95_MS),
  firstByte: judged('first_byte_p95', clocks.firstByte, FIRST_BYTE_P95_MS),
  heardGap: shown(clocks.heardGap),
  greeting: shown(clocks.greeting),
});

const sliceMessage = ({ name, figures }: Slice): MessageInitShape<typeof HealthSliceSchema> => ({
  name,
  calls: BigInt(figures.counters.calls),
  fellBack: BigInt(figures.counters.fellBack),
  modelErrors: BigInt(figures.counters.modelErrors),
  ...clocksOf(figures),
});

const trendMessage = (trend: Trend): MessageInitShape<typeof HealthTrendSchema> => ({
  beforeP95Ms: trend.before.p95,
  beforeCount: BigInt(trend.before.count),
  nowP95Ms: trend.now.p95,
  nowCount: BigInt(trend.now.count),
  factor: trend.factor,
  warnAbove: trend.warnAbove,
  level: LEVELS[trend.level],
});

export interface Answered {
  readonly windowSeconds: number;
  readonly measuredAt: Date;
  readonly figures: WindowFigures;
  readonly relativeAccuracy: number;
  readonly handshakeTrend: Trend;
  readonly firstByteTrend: Trend;
}

export const healthAnswer = (answered: Answered): MessageInitShape<typeof GetVoiceHealthResponseSchema> => {
  const { windowSeconds, measuredAt, figures, handshakeTrend, firstByteTrend } = answered;
  const total = figures.total();
  const { counters } = total;
  const findings = [...findingsOf(total), handshakeTrend.finding, firstByteTrend.finding];
  return {
    windowSeconds,
    measuredAt: timestampFromDate(measuredAt),
    level: LEVELS[worst(...findings.map(({ level }) => level))],
    ...clocksOf(total),
    calls: BigInt(counters.calls),
    fellBack: BigInt(counters.fellBack),
    modelErrors: BigInt(counters.modelErrors),
    silenceNudges: BigInt(counters.silenceNudges),
    messagesIn: BigInt(counters.messagesIn),
    messagesOut: BigInt(counters.messagesOut),
    bargeIns: BigInt(counters.bargeIns),
    falseInterruptions: BigInt(counters.falseInterruptions),
    truncations: BigInt(counters.truncations),
    overlapMs: BigInt(counters.overlapMs),
    languages: figures.by('language').map(sliceMessage),
    adapters: figures.by('adapter').map(sliceMessage),
    findings: findings.map(findingMessage),
    handshakeTrend: trendMessage(handshakeTrend),
    firstByteTrend: trendMessage(firstByteTrend),
    relativeAccuracy: answered.relativeAccuracy,
  };
};

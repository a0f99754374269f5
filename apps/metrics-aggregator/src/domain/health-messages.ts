import type { MessageInitShape } from '@bufbuild/protobuf';
import { type HealthFindingSchema, HealthLevel, HealthMeasure } from '@tradeline/contracts';
import { BOUNDS, type Finding, type Level, type Measure } from './voice-health.js';

/** Levels and findings as the contract has them. */

export const LEVELS: Readonly<Record<Level, HealthLevel>> = {
  no_data: HealthLevel.NO_DATA,
  ok: HealthLevel.OK,
  warn: HealthLevel.WARN,
  critical: HealthLevel.CRITICAL,
};

const MEASURES: Readonly<Record<Measure, HealthMeasure>> = {
  handshake_p95: HealthMeasure.HANDSHAKE_P95,
  first_byte_p95: HealthMeasure.FIRST_BYTE_P95,
  fallback_rate: HealthMeasure.FALLBACK_RATE,
  model_error_rate: HealthMeasure.MODEL_ERROR_RATE,
  handshake_trend: HealthMeasure.HANDSHAKE_TREND,
  first_byte_trend: HealthMeasure.FIRST_BYTE_TREND,
};

export const findingMessage = ({
  measure,
  value,
  count,
  level,
}: Finding): MessageInitShape<typeof HealthFindingSchema> => ({
  measure: MEASURES[measure],
  value,
  warnAbove: BOUNDS[measure].warnAbove ?? 0,
  criticalAbove: BOUNDS[measure].criticalAbove ?? 0,
  level: LEVELS[level],
  count: BigInt(count),
});

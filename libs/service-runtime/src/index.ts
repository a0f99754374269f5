export {
  contextFromTraceparent,
  currentTraceparent,
  inSpan,
  SpanKind,
  startSpan,
} from './telemetry/spans.js';
export type { Span, SpanOptions } from './telemetry/spans.js';
export { counter, histogramMs } from './telemetry/metrics.js';
export { attributeKeys } from './telemetry/attribute-keys.js';
export { log, withLogContext } from './telemetry/log.js';
export type { LogContext, Logger } from './telemetry/log.js';
export { maskText, redact } from './telemetry/redaction.js';
export { databaseEnv, EnvError, natsEnv, parseEnv, serviceEnv } from './env.js';
export type { ServiceEnv } from './env.js';
export { PermanentFailure, PublicError } from './failures.js';
export { newId } from './ids.js';
export { Runtime, RuntimeModule } from './runtime.js';
export type { DrainHook, ReadinessCheck } from './runtime.js';
export { runService } from './run-service.js';
export type { RunningService, ServiceDefinition } from './run-service.js';
export { FieldCipher } from './database/field-cipher.js';
export { readMasterKey } from './database/master-key.js';
export { poolConfig } from './database/pool-config.js';
export { TenantDatabase } from './database/tenant-database.js';
export type { TransactionClient, Tx } from './database/tenant-database.js';
export { TenantKeys } from './database/tenant-keys.js';

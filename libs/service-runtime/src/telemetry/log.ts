import { AsyncLocalStorage } from 'node:async_hooks';
import { isSpanContextValid, trace } from '@opentelemetry/api';
import { pino } from 'pino';
import { redact } from './redaction.js';

/** Ids that every line and every span within should carry. */
export interface LogContext {
  readonly tenantId?: string;
  readonly callId?: string;
  readonly conversationId?: string;
}

type LogFields = Readonly<Record<string, unknown>>;

/** One line per business event: a stable `snake_case` event name, and ids. Never personal data; what slips in is masked. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

const contexts = new AsyncLocalStorage<LogContext>();

export const currentLogContext = (): LogContext => contexts.getStore() ?? {};

/** Runs `fn`, and all that it starts, with these ids on every log line and span; ids given further out stay. */
export const withLogContext = <R>(context: LogContext, fn: () => R): R =>
  contexts.run({ ...contexts.getStore(), ...context }, fn);

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

const create = (
  service: string,
  instance: string | undefined,
  level: string,
  destination?: { write(line: string): void },
) =>
  pino(
    {
      level,
      base: { service, ...(instance === undefined ? {} : { instance }) },
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination ?? pino.destination(1),
  );

const levelFromEnv = process.env.LOG_LEVEL ?? '';
let lines = create(
  process.env.SERVICE_NAME ?? 'unnamed',
  process.env.INSTANCE_ID,
  LEVELS.includes(levelFromEnv) ? levelFromEnv : 'info',
);

/** Called once by `runService`, when the environment has been checked; tests give their own destination. */
export const configureLog = (
  service: string,
  instance: string,
  level: string,
  destination?: { write(line: string): void },
): void => {
  lines = create(service, instance, level, destination);
};

const traceFields = (): LogFields => {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? { trace_id: span.traceId, span_id: span.spanId } : {};
};

const write = (level: 'debug' | 'info' | 'warn' | 'error', event: string, fields: LogFields): void => {
  if (!lines.isLevelEnabled(level)) return;
  lines[level]({ ...redact({ ...contexts.getStore(), ...fields }), ...traceFields() }, event);
};

/** The one logger: JSON lines on standard output. */
export const log: Logger = {
  debug: (event, fields = {}) => write('debug', event, fields),
  info: (event, fields = {}) => write('info', event, fields),
  warn: (event, fields = {}) => write('warn', event, fields),
  error: (event, fields = {}) => write('error', event, fields),
};

/**
 * Starts OpenTelemetry. Import it before anything else in `main.ts`: libraries that are loaded earlier are not traced.
 *
 * SERVICE_NAME names the process. OTEL_EXPORTER_OTLP_ENDPOINT (and the other OTEL_EXPORTER_OTLP_* variables of the
 * OpenTelemetry specification) send spans and metrics to a collector; without it nothing leaves the machine.
 * TRACES_DIR, when set, gets a bounded file of spans per process.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { context, metrics, propagation, trace } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import {
  ATTR_HTTP_ROUTE,
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
} from '@opentelemetry/semantic-conventions';
import { maskingExporter } from './telemetry/masked-spans.js';
import { onTelemetryShutdown } from './telemetry/shutdown.js';
import { SpanFile } from './telemetry/span-file.js';

/** Somebody is looking at the trace of a call that has just ended: half a second is soon enough and batches well. */
const BATCH_DELAY_MS = 500;
const METRICS_INTERVAL_MS = 15_000;

const service = process.env.SERVICE_NAME ?? 'unnamed';
const tracesDirectory = process.env.TRACES_DIR ?? '';
const exportsByOtlp = (process.env.OTEL_EXPORTER_OTLP_ENDPOINT ?? '') !== '';

const resource = resourceFromAttributes({
  [ATTR_SERVICE_NAME]: service,
  ...(process.env.INSTANCE_ID ? { [ATTR_SERVICE_INSTANCE_ID]: process.env.INSTANCE_ID } : {}),
});

const batched = (exporter: SpanExporter): SpanProcessor =>
  new BatchSpanProcessor({
    exporter: maskingExporter(exporter),
    scheduledDelayMillis: BATCH_DELAY_MS,
    maxExportBatchSize: 512,
    maxQueueSize: 8_192,
    exportTimeoutMillis: 5_000,
  });

const startMetrics = (): void => {
  if (!exportsByOtlp) return;
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(),
    exportIntervalMillis: METRICS_INTERVAL_MS,
  });
  const meterProvider = new MeterProvider({ resource, readers: [reader] });
  metrics.setGlobalMeterProvider(meterProvider);
  onTelemetryShutdown(() => meterProvider.shutdown());
};

const startSpans = (): void => {
  const toFile =
    tracesDirectory === '' ? [] : [batched(new SpanFile({ directory: tracesDirectory, service }))];
  const toCollector = exportsByOtlp ? [batched(new OTLPTraceExporter())] : [];
  const tracerProvider = new TracerProvider({ resource, spanProcessors: [...toFile, ...toCollector] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(tracerProvider);
  onTelemetryShutdown(() => tracerProvider.shutdown());
};

/** "POST /twilio/voice" by the route's pattern: the path itself holds ids, and would make every request a name of its own. */
const nameByRoute = (span: Span, request: object): void => {
  const route: unknown = 'route' in request ? request.route : undefined;
  if (typeof route !== 'object' || route === null || !('path' in route) || typeof route.path !== 'string')
    return;
  const method = 'method' in request && typeof request.method === 'string' ? request.method : 'HTTP';
  span.setAttribute(ATTR_HTTP_ROUTE, route.path);
  span.updateName(`${method} ${route.path}`);
};

const instrument = (): void => {
  registerInstrumentations({
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: (request) => request.url?.startsWith('/health') ?? false,
        applyCustomAttributesOnSpan: (span, request) => nameByRoute(span, request),
      }),
      new UndiciInstrumentation(),
      // Statements carry placeholders; their values, which may be personal, stay out. Pollers without a parent are noise.
      new PgInstrumentation({
        requireParentSpan: true,
        enhancedDatabaseReporting: false,
        ignoreConnectSpans: true,
      }),
      new IORedisInstrumentation({ requireParentSpan: true, dbStatementSerializer: (command) => command }),
    ],
  });
  // The instrumentations wrap what is `require`d. Importers of the built-in modules see the wrapped functions after a sync.
  const require = createRequire(import.meta.url);
  require('node:http');
  require('node:https');
  syncBuiltinESMExports();
};

// Nothing here is awaited: modules imported after one that waits would be evaluated while it does, and go untraced.
startMetrics();
startSpans();
instrument();

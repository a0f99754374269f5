import { appendFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { HrTime } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import type { ExportResult } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';

/** One line of a span file. */
export interface SpanRecord {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  /** "internal", "server", "client", "producer" or "consumer" */
  readonly kind: string;
  readonly service: string;
  /** Milliseconds since the epoch, with fractions. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly status: 'unset' | 'ok' | 'error';
  readonly statusMessage?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly {
    readonly name: string;
    readonly timeMs: number;
    readonly attributes: Readonly<Record<string, unknown>>;
  }[];
}

const STATUS = {
  [SpanStatusCode.UNSET]: 'unset',
  [SpanStatusCode.OK]: 'ok',
  [SpanStatusCode.ERROR]: 'error',
} as const;

const ms = ([seconds, nanoseconds]: HrTime): number =>
  Math.round((seconds * 1e3 + nanoseconds / 1e6) * 1e3) / 1e3;

export const spanRecord = (span: ReadableSpan): SpanRecord => ({
  traceId: span.spanContext().traceId,
  spanId: span.spanContext().spanId,
  parentSpanId: span.parentSpanContext?.spanId ?? null,
  name: span.name,
  kind: SpanKind[span.kind].toLowerCase(),
  service: String(span.resource.attributes[ATTR_SERVICE_NAME] ?? 'unnamed'),
  startMs: ms(span.startTime),
  durationMs: ms(span.duration),
  status: STATUS[span.status.code],
  ...(span.status.message === undefined ? {} : { statusMessage: span.status.message }),
  attributes: span.attributes,
  events: span.events.map((event) => ({
    name: event.name,
    timeMs: ms(event.time),
    attributes: event.attributes ?? {},
  })),
});

export interface SpanFileOptions {
  readonly directory: string;
  readonly service: string;
  /** The file is set aside at this size, and the one set aside before it is dropped: twice this is the bound. */
  readonly maxBytes?: number;
  /** Files of earlier processes of the same service that are kept. */
  readonly keepFiles?: number;
}

const MAX_BYTES = 16 * 1024 * 1024;
const KEEP_FILES = 8;

/**
 * Spans as one JSON object per line in a file of this process, so that a trace can be read without any tracing backend.
 * The size is bounded, and a full or missing disk costs spans, never the service.
 */
export class SpanFile implements SpanExporter {
  readonly path: string;
  private readonly maxBytes: number;
  private size = 0;
  private ready: Promise<void> | undefined;
  private writes: Promise<void> = Promise.resolve();

  constructor(private readonly options: SpanFileOptions) {
    this.maxBytes = options.maxBytes ?? MAX_BYTES;
    this.path = join(options.directory, `${options.service}-${Date.now()}-${process.pid}.ndjson`);
  }

  export(spans: ReadableSpan[], resultCallback: (result: ExportResult) => void): void {
    const lines = spans.map((span) => `${JSON.stringify(spanRecord(span))}\n`).join('');
    this.writes = this.writes
      .then(() => this.append(lines))
      .then(
        () => resultCallback({ code: ExportResultCode.SUCCESS }),
        (error: unknown) => resultCallback({ code: ExportResultCode.FAILED, error: error as Error }),
      );
  }

  async forceFlush(): Promise<void> {
    await this.writes;
  }

  async shutdown(): Promise<void> {
    await this.writes;
  }

  private async append(lines: string): Promise<void> {
    this.ready ??= this.prepare();
    await this.ready;
    const bytes = Buffer.byteLength(lines);
    if (this.size > 0 && this.size + bytes > this.maxBytes) {
      await rename(this.path, this.path.replace(/\.ndjson$/, '.old.ndjson'));
      this.size = 0;
    }
    await appendFile(this.path, lines, { mode: 0o600 });
    this.size += bytes;
  }

  private async prepare(): Promise<void> {
    const { directory, service, keepFiles = KEEP_FILES } = this.options;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const own = (await readdir(directory)).filter(
      (file) => file.startsWith(`${service}-`) && file.endsWith('.ndjson'),
    );
    const aged = await Promise.all(
      own.map(async (file) => ({
        file,
        at: await stat(join(directory, file)).then(
          (found) => found.mtimeMs,
          () => 0,
        ),
      })),
    );
    const dropped = aged.sort((a, b) => b.at - a.at).slice(keepFiles);
    await Promise.all(dropped.map(({ file }) => rm(join(directory, file), { force: true })));
  }
}

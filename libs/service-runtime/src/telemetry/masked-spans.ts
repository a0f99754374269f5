import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { maskText } from './redaction.js';

/** Ids, statements and enumerations of our own or of the instrumentations: masking them would only cost time. */
const LEFT_ALONE =
  /^(?:tenant|call|conversation|lead|event|delivery|reservation|db|network|server|service|messaging|net)\./;

/** Whose address a request came from is personal too. */
const LEFT_OUT = new Set(['client.address', 'client.port']);

const masked = (attributes: Attributes): Attributes =>
  Object.fromEntries(
    Object.entries(attributes)
      .filter(([key]) => !LEFT_OUT.has(key))
      .map(([key, value]) => [
        key,
        typeof value === 'string' && !LEFT_ALONE.test(key) ? maskText(value) : value,
      ]),
  );

const maskedSpan = (span: ReadableSpan): ReadableSpan =>
  Object.create(span, {
    attributes: { value: masked(span.attributes), enumerable: true },
    events: {
      value: span.events.map((event) => ({ ...event, attributes: masked(event.attributes ?? {}) })),
      enumerable: true,
    },
  }) as ReadableSpan;

/** Keeps mail addresses and numbers out of what leaves the process as spans: they stand in addresses and error texts. */
export const maskingExporter = (exporter: SpanExporter): SpanExporter => ({
  export: (spans, done) => exporter.export(spans.map(maskedSpan), done),
  shutdown: () => exporter.shutdown(),
  forceFlush: async () => exporter.forceFlush?.(),
});

import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Context, Span, TimeInput } from '@opentelemetry/api';
import { attributeKeys } from './attribute-keys.js';
import { currentLogContext } from './log.js';
import { maskText } from './redaction.js';

export { SpanKind };
export type { Span };

export interface SpanOptions {
  readonly attributes?: Attributes;
  /** A W3C `traceparent` to be the child of; without one the active span is the parent. */
  readonly parent?: string | undefined;
  readonly kind?: SpanKind;
  readonly startTime?: TimeInput;
}

const tracer = trace.getTracer('tradeline');

/** The context in which the span of a W3C `traceparent` is the parent; the root context when it is missing or malformed. */
export const contextFromTraceparent = (traceparent: string | undefined): Context =>
  traceparent === undefined || traceparent === ''
    ? ROOT_CONTEXT
    : propagation.extract(ROOT_CONTEXT, { traceparent });

/** The active span as a W3C `traceparent`, to be stored beside what will be done later; undefined outside any trace. */
export const currentTraceparent = (): string | undefined => {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
};

const contextOf = (options: SpanOptions): Context =>
  options.parent === undefined || options.parent === ''
    ? context.active()
    : contextFromTraceparent(options.parent);

const inheritedAttributes = (): Attributes => {
  const { tenantId, callId, conversationId } = currentLogContext();
  return {
    ...(tenantId === undefined ? {} : { [attributeKeys.tenantId]: tenantId }),
    ...(callId === undefined ? {} : { [attributeKeys.callId]: callId }),
    ...(conversationId === undefined ? {} : { [attributeKeys.conversationId]: conversationId }),
  };
};

/** Starts a span that the caller ends; for spans whose end is another message's arrival. Prefer `inSpan`. */
export const startSpan = (name: string, options: SpanOptions = {}): Span =>
  tracer.startSpan(
    name,
    {
      kind: options.kind ?? SpanKind.INTERNAL,
      attributes: { ...inheritedAttributes(), ...options.attributes },
      ...(options.startTime === undefined ? {} : { startTime: options.startTime }),
    },
    contextOf(options),
  );

/** Some throws only put things off: they carry `expected: true`, and whoever looks for what went wrong can pass them by. */
const isExpected = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'expected' in error && error.expected === true;

/** Runs `fn` in a span of its own; a throw marks the span as failed, unless it was expected, and goes on. */
export const inSpan = async <R>(
  name: string,
  options: SpanOptions,
  fn: (span: Span) => Promise<R> | R,
): Promise<R> => {
  const parent = contextOf(options);
  const span = context.with(parent, () => startSpan(name, options));
  try {
    return await context.with(trace.setSpan(parent, span), fn, undefined, span);
  } catch (error) {
    const message = maskText(error instanceof Error ? error.message : String(error));
    if (isExpected(error)) span.setAttribute('postponed', message);
    else {
      span.recordException({ name: error instanceof Error ? error.name : 'Error', message });
      span.setStatus({ code: SpanStatusCode.ERROR, message });
    }
    throw error;
  } finally {
    span.end();
  }
};

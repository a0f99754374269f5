import type { SpanRecord } from './read-spans.ts';

const CALL_KEYS = ['call.id', 'call.sid'];

/** The ids by which a span names its call. */
export const callsOf = (span: SpanRecord): string[] =>
  CALL_KEYS.map((key) => span.attributes[key]).filter((value) => typeof value === 'string');

/**
 * The trace of a call: the one that its first span is in, since later webhooks of the same call begin traces of their own.
 * @param spans in any order
 * @param call id or CallSid; undefined for the call that began last
 */
export const traceOf = (spans: readonly SpanRecord[], call: string | undefined): string | undefined => {
  const first = new Map<string, SpanRecord>();
  for (const span of spans) {
    for (const id of callsOf(span)) {
      const known = first.get(id);
      if (!known || span.startMs < known.startMs) first.set(id, span);
    }
  }
  if (call) return first.get(call)?.traceId;
  return [...first.values()].sort((a, b) => b.startMs - a.startMs)[0]?.traceId;
};

import { describe, expect, it } from '@jest/globals';
import { traceOf } from './find-trace.ts';
import type { SpanRecord } from './read-spans.ts';

const span = (traceId: string, call: string, startMs: number): SpanRecord => ({
  traceId,
  spanId: `${traceId}${startMs}`,
  name: 'work',
  kind: 'internal',
  service: 'telephony-gateway',
  startMs,
  durationMs: 1,
  attributes: { 'call.id': call },
});

describe('traceOf', () => {
  const spans = [span('status', 'ca_1', 90), span('webhook', 'ca_1', 10), span('later', 'ca_2', 50)];

  it('is the trace in which the call began, not that of its last webhook', () => {
    expect(traceOf(spans, 'ca_1')).toBe('webhook');
  });

  it('is that of the call that began last when none is named', () => {
    expect(traceOf(spans, undefined)).toBe('later');
  });

  it('is none for a call that nobody knows, and none where there are no calls', () => {
    expect(traceOf(spans, 'ca_3')).toBeUndefined();
    expect(traceOf([], undefined)).toBeUndefined();
  });
});

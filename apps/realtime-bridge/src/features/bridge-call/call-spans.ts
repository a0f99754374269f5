import { attributeKeys, type Span, startSpan } from '@tradeline/service-runtime';
import type { Reservation } from '../../domain/reservations.js';
import type { MeasuredTurn } from '../../media/latency-probe.js';

const traceparentOf = (span: Span): string | undefined => {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return traceId === '0'.repeat(32) ? undefined : `00-${traceId}-${spanId}-0${traceFlags & 1}`;
};

/** The spans of one call. Each is short: a span that lasts as long as its call is lost when the process dies. */
export class CallSpans {
  private readonly stream: Span;
  private turn: Span | undefined;
  private readonly attributes: Readonly<Record<string, string>>;

  constructor(
    { tenantId, callId, conversationId, traceparent }: Reservation,
    /** Those of the conversation's earlier streams are numbered before ours. */
    private turns = 0,
  ) {
    this.attributes = {
      [attributeKeys.tenantId]: tenantId,
      [attributeKeys.callId]: callId,
      [attributeKeys.conversationId]: conversationId,
    };
    this.stream = startSpan('media stream', { parent: traceparent, attributes: this.attributes });
  }

  /** Stream and model are both there. */
  streamReady(): void {
    this.stream.end();
  }

  turnBegan(): void {
    this.turnEnded();
    this.turns += 1;
    this.turn = startSpan(`turn ${this.turns}`, {
      parent: traceparentOf(this.stream),
      attributes: { ...this.attributes, [attributeKeys.turn]: this.turns },
    });
  }

  measured({ firstByteMs, heardGapMs, filler }: MeasuredTurn): void {
    this.turn?.setAttributes({
      'turn.first_byte_ms': firstByteMs,
      'turn.heard_gap_ms': heardGapMs,
      'turn.filler': filler === true,
    });
  }

  turnEnded(): void {
    this.turn?.end();
    this.turn = undefined;
  }

  captured(fieldName: string): void {
    startSpan('tool capture_field', {
      parent: this.traceparent,
      attributes: { ...this.attributes, 'field.name': fieldName },
    }).end();
  }

  /** The closing of the call; the caller ends it. */
  close(result: string, reason: string): Span {
    this.turnEnded();
    const span = startSpan('close', {
      parent: traceparentOf(this.stream),
      attributes: { ...this.attributes, [attributeKeys.result]: result, [attributeKeys.reason]: reason },
    });
    // Ending twice changes nothing: this is for the call that never became ready.
    this.stream.end();
    return span;
  }

  /** The span that facts said now belong to. */
  get traceparent(): string | undefined {
    return traceparentOf(this.turn ?? this.stream);
  }

  traceparentOf(span: Span): string | undefined {
    return traceparentOf(span);
  }
}

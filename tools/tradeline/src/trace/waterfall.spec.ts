import { describe, expect, it } from '@jest/globals';
import type { SpanRecord } from './read-spans.ts';
import { drawWaterfall, waterfall } from './waterfall.ts';

const span = (
  spanId: string,
  parentSpanId: string | undefined,
  startMs: number,
  durationMs = 10,
): SpanRecord => ({
  traceId: 't',
  spanId,
  ...(parentSpanId ? { parentSpanId } : {}),
  name: spanId,
  kind: 'internal',
  service: 'realtime-bridge',
  startMs,
  durationMs,
  attributes: {},
});

describe('waterfall', () => {
  it('puts each span below its parent and siblings in the order of their start', () => {
    const lines = waterfall([
      span('late', 'root', 30),
      span('root', undefined, 0, 50),
      span('early', 'root', 5),
      span('leaf', 'early', 6),
    ]);
    expect(lines.map((line) => [line.span.spanId, line.depth])).toEqual([
      ['root', 0],
      ['early', 1],
      ['leaf', 2],
      ['late', 1],
    ]);
  });

  it('shows a span whose parent was never written', () => {
    expect(waterfall([span('orphan', 'lost', 3)])).toHaveLength(1);
  });

  it('draws a bar where the span lay in time', () => {
    const [first, second] = drawWaterfall([span('a', undefined, 0, 100), span('b', 'a', 50, 50)], 140);
    expect(first).toContain('+0.000 s');
    expect(second).toContain('+0.050 s');
    expect(second!.indexOf('█')).toBeGreaterThan(first!.indexOf('█'));
  });

  it.each([80, 100, 140, 200])('fits into %d columns, with the times in line', (columns) => {
    const deep = Array.from({ length: 9 }, (_, depth) =>
      span(
        `collect-transcript-when-utterance-transcribed-${depth}`,
        depth ? `collect-transcript-when-utterance-transcribed-${depth - 1}` : undefined,
        depth * 1_000,
        90_000,
      ),
    );
    expect(new Set(drawWaterfall(deep, columns).map((line) => line.length))).toEqual(new Set([columns]));
  });
});

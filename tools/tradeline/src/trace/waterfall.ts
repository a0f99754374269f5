import { labelOf } from './label.ts';
import type { SpanRecord } from './read-spans.ts';

export interface WaterfallLine {
  readonly depth: number;
  readonly span: SpanRecord;
}

/**
 * Spans in the order of a waterfall: each below its parent, siblings by their start. A span whose parent was never
 * written (its process was killed) stands at the top, so nothing is hidden.
 */
export const waterfall = (spans: readonly SpanRecord[]): WaterfallLine[] => {
  const known = new Set(spans.map((span) => span.spanId));
  const children = new Map<string | undefined, SpanRecord[]>();
  for (const span of spans) {
    const parent = span.parentSpanId && known.has(span.parentSpanId) ? span.parentSpanId : undefined;
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const lines: WaterfallLine[] = [];
  const visit = (parent: string | undefined, depth: number): void => {
    const siblings = (children.get(parent) ?? []).sort((a, b) => a.startMs - b.startMs);
    for (const span of siblings) {
      lines.push({ depth, span });
      visit(span.spanId, depth + 1);
    }
  };
  visit(undefined, 0);
  return lines;
};

const fit = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);

const START_WIDTH = 9;
const DURATION_WIDTH = 11;
const BAR_WIDTH_MIN = 14;
/** From this width on there is room to indent by two. */
const ROOMY_COLUMNS = 130;

/** A line of text per span: service, indented name, a bar where it lay in time, its start and its duration. */
export const drawWaterfall = (spans: readonly SpanRecord[], columns: number): string[] => {
  const lines = waterfall(spans);
  const startMs = Math.min(...spans.map((span) => span.startMs));
  const endMs = Math.max(...spans.map((span) => span.startMs + span.durationMs));
  const totalMs = Math.max(endMs - startMs, 1);
  const indent = columns < ROOMY_COLUMNS ? ' ' : '  ';
  const named = lines.map(({ depth, span }) => ({ span, name: indent.repeat(depth) + labelOf(span) }));
  const serviceWidth = Math.max(...named.map(({ span }) => span.service.length));
  const shared = columns - serviceWidth - START_WIDTH - DURATION_WIDTH - 4;
  const nameWidth = Math.max(
    16,
    Math.min(Math.max(...named.map(({ name }) => name.length)), shared - BAR_WIDTH_MIN),
  );
  const barWidth = Math.max(BAR_WIDTH_MIN, shared - nameWidth);
  return named.map(({ span, name }) => {
    const from = Math.min(Math.floor(((span.startMs - startMs) / totalMs) * barWidth), barWidth - 1);
    const length = Math.max(1, Math.round((span.durationMs / totalMs) * barWidth));
    const bar = (' '.repeat(from) + '█'.repeat(length)).slice(0, barWidth).padEnd(barWidth);
    const start = `+${((span.startMs - startMs) / 1000).toFixed(3)} s`.padStart(START_WIDTH);
    const duration = `${span.durationMs.toFixed(1)} ms`.padStart(DURATION_WIDTH);
    return `${fit(span.service, serviceWidth)} ${fit(name, nameWidth)} ${bar} ${start} ${duration}`;
  });
};

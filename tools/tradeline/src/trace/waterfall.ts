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

const fit = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width));

/** A line of text per span: service, indented name, a bar where it lay in time, its start and its duration. */
export const drawWaterfall = (spans: readonly SpanRecord[], columns: number): string[] => {
  const lines = waterfall(spans);
  const startMs = Math.min(...spans.map((span) => span.startMs));
  const endMs = Math.max(...spans.map((span) => span.startMs + span.durationMs));
  const totalMs = Math.max(endMs - startMs, 1);
  const nameWidth = 56;
  const serviceWidth = 18;
  const barWidth = Math.max(20, columns - nameWidth - serviceWidth - 24);
  return lines.map(({ depth, span }) => {
    const from = Math.floor(((span.startMs - startMs) / totalMs) * barWidth);
    const length = Math.max(1, Math.round((span.durationMs / totalMs) * barWidth));
    const bar = `${' '.repeat(Math.min(from, barWidth - 1))}${'█'.repeat(length)}`.slice(0, barWidth).padEnd(barWidth);
    const name = fit(`${'  '.repeat(depth)}${span.status === 'error' ? '✗ ' : ''}${span.name}`, nameWidth);
    return `${fit(span.service, serviceWidth)} ${name} ${bar} ${`+${(span.startMs - startMs).toFixed(0)}`.padStart(7)} ${span.durationMs.toFixed(1).padStart(9)} ms`;
  });
};

import type { VoiceBench } from '../bench-voice.ts';
import { ratio } from '../statistics.ts';
import {
  cellOf,
  CPU,
  GREETING_P99,
  LEAKED,
  LOST,
  MEMORY,
  show,
  summaryOf,
  TITLES,
  TO_CALLER_P99,
  TO_MODEL_P99,
  type Figure,
} from './figures.ts';

const COLUMNS: readonly (readonly [heading: string, figure: Figure])[] = [
  ['CPU ms/call-s', CPU],
  ['to model P99', TO_MODEL_P99],
  ['to caller P99', TO_CALLER_P99],
  ['KB/call', MEMORY],
  ['greeting P99', GREETING_P99],
  ['lost', LOST],
  ['leaked', LEAKED],
];

/** All systems at all loads in one table, medians only. */
export const terminalTable = ({ options, results }: VoiceBench): string => {
  const rows = [['calls', 'system', ...COLUMNS.map(([heading]) => heading), 'a / this']];
  for (const calls of options.calls)
    for (const system of options.only) {
      const cell = cellOf(results, system, calls);
      const numbers = COLUMNS.map(([, figure]) =>
        show(summaryOf(cell, figure), figure.digits).replace(/ \(.*/, ''),
      );
      const against = ratio(summaryOf(cellOf(results, 'bridge', calls), CPU), summaryOf(cell, CPU));
      rows.push([String(calls), TITLES[system].replaceAll('`', ''), ...numbers, against?.toFixed(2) ?? '-']);
    }
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((text, column) =>
          column === 1 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
};

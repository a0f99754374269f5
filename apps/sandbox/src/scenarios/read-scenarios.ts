import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { scenarioShape, type Scenario } from './scenario.js';

/** One or more scenario files are wrong; the message names file, line and fault of each. */
export class ScenarioFault extends Error {
  override readonly name = 'ScenarioFault';
}

/** Reads every `*.yaml` of the folder, by name. @throws ScenarioFault with all that is wrong in any of them */
export function readScenarios(folder: string): Scenario[] {
  const faults: string[] = [];
  const scenarios = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .flatMap((file) => {
      try {
        return [parseScenario(basename(file, '.yaml'), readFileSync(join(folder, file), 'utf8'), file)];
      } catch (error) {
        if (!(error instanceof ScenarioFault)) throw error;
        faults.push(error.message);
        return [];
      }
    });
  if (faults.length > 0) throw new ScenarioFault(faults.join('\n'));
  return scenarios;
}

/** @throws ScenarioFault as `file:line: what is wrong`, a line for each fault */
export function parseScenario(name: string, text: string, file = `${name}.yaml`): Scenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const unreadable = document.errors.map(
    (error) => `${file}:${lines.linePos(error.pos[0]).line}: ${firstLine(error.message)}`,
  );
  if (unreadable.length > 0) throw new ScenarioFault(unreadable.join('\n'));
  const result = scenarioShape.safeParse(document.toJS());
  if (result.success) return { ...result.data, name };
  throw new ScenarioFault(
    result.error.issues
      .map((issue) => `${file}:${lineOf(document, lines, issue)}: ${describe(issue)}`)
      .join('\n'),
  );
}

/** The line of the nearest thing in the file that the fault's path leads to. */
function lineOf(document: Document, lines: LineCounter, issue: z.core.$ZodIssue): number {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function describe(issue: z.core.$ZodIssue): string {
  const where = issue.path.join('.');
  return where ? `${where}: ${issue.message}` : issue.message;
}

function firstLine(message: string): string {
  return message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? message;
}

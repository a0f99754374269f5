import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parseScenario, readScenarios } from './read-scenarios.js';

const OUR_SCENARIOS = fileURLToPath(new URL('../../scenarios', import.meta.url));

const GOOD = `title: Somebody calls
language: en-CA
from: '+16135550142'
caller:
  - wait: assistant
  - answer:
      caller_name: Marie
      email: [marie at example, 'marie@example.com']
  - hang_up: true
expected:
  outcome: qualified
`;

describe('parseScenario', () => {
  it('reads a scenario; an answer may be one sentence or one per time it is asked', () => {
    const scenario = parseScenario('somebody', GOOD);
    expect(scenario).toMatchObject({ name: 'somebody', language: 'en-CA', longest_call_ms: 90_000 });
    expect(scenario.caller[1]).toEqual({
      answer: { caller_name: ['Marie'], email: ['marie at example', 'marie@example.com'] },
    });
  });

  it.each([
    ['an unknown step', GOOD.replace('- hang_up: true', '- shout: hello'), /^somebody\.yaml:9: .*shout/],
    [
      'two things in one step',
      GOOD.replace('- hang_up: true', "- hang_up: true\n    press: '1'"),
      /^somebody\.yaml:9: .*exactly one thing/,
    ],
    [
      'a number that could ring',
      GOOD.replace('+16135550142', '+16132345678'),
      /^somebody\.yaml:3: from: a fictional number/,
    ],
    ['a language that nobody speaks', GOOD.replace('en-CA', 'de'), /^somebody\.yaml:2: language/],
    [
      'a field that the assistant never asks',
      GOOD.replace('caller_name', 'shoe_size'),
      /^somebody\.yaml:7: /,
    ],
    [
      'a caller who would stay too long',
      GOOD.replace('caller:', 'longest_call_ms: 600000\ncaller:'),
      /^somebody\.yaml:4: longest_call_ms/,
    ],
    ['something missing', GOOD.replace('title: Somebody calls\n', ''), /^somebody\.yaml:1: title/],
    ['broken YAML', GOOD.replace("from: '+16135550142'", "from: '+16135550142"), /^somebody\.yaml:\d+: /],
  ])('names file and line of %s', (_, text, message) => {
    expect(() => parseScenario('somebody', text)).toThrow(message);
  });
});

describe('readScenarios', () => {
  it('reads ours: six callers for the demo in all four languages, and four who try the assistant', () => {
    const scenarios = readScenarios(OUR_SCENARIOS);
    expect(scenarios.map(({ name, demo, expected }) => [name, expected.outcome, demo])).toEqual([
      ['booked-plumber', 'qualified', true],
      ['furnace-emergency', 'qualified', true],
      ['hostile-spanish', 'dismissed', false],
      ['language-change', 'qualified', false],
      ['number-change', 'qualified', true],
      ['price-question', 'qualified', true],
      ['prompt-injection', 'qualified', false],
      ['robocall', 'dismissed', true],
      ['robot-question', 'qualified', false],
      ['silent-caller', 'dismissed', true],
    ]);
    expect([...new Set(scenarios.filter(({ demo }) => demo).map(({ language }) => language))].sort()).toEqual(
      ['en-CA', 'es', 'fr-CA', 'tl'],
    );
  });

  it('tells what is wrong in every file at once', () => {
    const folder = mkdtempSync(join(tmpdir(), 'scenarios-'));
    writeFileSync(join(folder, 'one.yaml'), GOOD.replace('en-CA', 'xx'));
    writeFileSync(join(folder, 'two.yaml'), GOOD.replace('qualified', 'maybe'));
    expect(() => readScenarios(folder)).toThrow(/one\.yaml:2[^]*two\.yaml:11/);
  });
});

import { Command, Option } from 'commander';
import { runJest } from '../checks/jest.ts';
import { runStaticChecks } from '../checks/static-checks.ts';
import { add, NOTHING, type Tally } from '../checks/tally.ts';
import { buildWhenStale } from '../platform/build.ts';
import { say } from '../progress.ts';

const STAGES: Readonly<Record<string, () => Promise<Tally>>> = {
  check: runStaticChecks,
  unit: () => runJest('unit'),
  service: () => runJest('service'),
  journey: () => runJest('journey', ['--runInBand']),
};

const test = async (flags: { only?: string }): Promise<void> => {
  await buildWhenStale();
  let total = NOTHING;
  for (const [name, run] of Object.entries(STAGES)) {
    if (flags.only && flags.only !== name) continue;
    say(`\n${name}`);
    const tally = await run();
    say(`${name}: ${tally.passed} passed, ${tally.failed} failed`);
    total = add(total, tally);
  }
  process.stdout.write(`tests: ${total.passed} passed, ${total.failed} failed\n`);
  process.exitCode = total.failed > 0 ? 1 : 0;
};

export const testCommand = (): Command =>
  new Command('test')
    .description(
      'run every test, from nothing: checks, unit tests, services against real servers, whole calls',
    )
    .addOption(new Option('--only <stage>', 'run one stage').choices(Object.keys(STAGES)))
    .action(test);

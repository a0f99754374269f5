import { Argument, Command } from 'commander';
import { Failure } from '../failure.ts';
import { listScenarios, type Scenario } from '../narration/sandbox-calls.ts';
import { tellCall } from '../narration/tell-call.ts';
import { readState } from '../platform/platform-state.ts';
import { dataDirOption } from './options.ts';

const choose = (
  scenarios: readonly Scenario[],
  name: string | undefined,
  language: string | undefined,
): Scenario => {
  const list = scenarios
    .map((scenario) => `  ${scenario.name.padEnd(20)} ${scenario.language.padEnd(6)} ${scenario.title}`)
    .join('\n');
  const fitting = scenarios.filter(
    (scenario) =>
      (!name || scenario.name === name) &&
      (!language || scenario.language.split('-')[0] === language.split('-')[0]),
  );
  // Who names none wants to see an ordinary call.
  const chosen = fitting.find(({ demo }) => demo) ?? fitting[0];
  if (!chosen)
    throw new Failure(
      `There is no scenario ${[name, language && `in ${language}`].filter(Boolean).join(' ')}.`,
      `These are there:\n${list}`,
    );
  return chosen;
};

export const callCommand = (): Command =>
  new Command('call')
    .description('make one sandbox call against the platform that is up, and tell it live')
    .addArgument(new Argument('[scenario]', 'its name; without one, the first that fits --lang'))
    .option('--lang <language>', 'the language of the caller: en, fr, es or tl')
    .option('--list', 'list the scenarios')
    .addOption(dataDirOption())
    .action(async (name: string | undefined, flags: { lang?: string; list?: boolean; dataDir: string }) => {
      const state = readState(flags.dataDir);
      const scenarios = await listScenarios(state.sandbox.url);
      if (flags.list) {
        for (const scenario of scenarios)
          process.stdout.write(
            `${scenario.name.padEnd(20)} ${scenario.language.padEnd(6)} ${scenario.title}\n`,
          );
        return;
      }
      await tellCall(state, choose(scenarios, name, flags.lang));
    });

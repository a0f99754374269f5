import { Argument, Command } from 'commander';
import { Failure } from '../failure.ts';
import { Recording, recordingName } from '../narration/recording.ts';
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

interface CallFlags {
  readonly lang?: string;
  readonly list?: boolean;
  /** True when no file is named. */
  readonly record?: string | true;
  readonly dataDir: string;
}

/** Opens the file before the call, so that no call is made for a recording that cannot be written. */
const recordingOf = (file: CallFlags['record'], scenario: Scenario): Recording | undefined => {
  if (file === undefined) return undefined;
  const path = file === true ? recordingName(scenario.name, new Date()) : file;
  if (!path.endsWith('.wav'))
    throw new Failure(
      `The recording's file must end in .wav: ${path}`,
      'The scenario stands before --record: ./tradeline call booked-plumber --record call.wav',
    );
  return new Recording(path);
};

export const callCommand = (): Command =>
  new Command('call')
    .description('make one sandbox call against the platform that is up, and tell it live')
    .addArgument(new Argument('[scenario]', 'its name; without one, the first that fits --lang'))
    .option('--lang <language>', 'the language of the caller: en, fr, es or tl')
    .option('--list', 'list the scenarios')
    .option(
      '--record [file]',
      'write the call to a WAV file as the caller heard it: left the caller, right what was played to him',
    )
    .addOption(dataDirOption())
    .addHelpText(
      'after',
      `
A recording without a name is called after its scenario and the time, and lies in the current directory. A file's name ends
in .wav, and the scenario stands before --record. An hour at most is recorded.`,
    )
    .action(async (name: string | undefined, flags: CallFlags) => {
      const state = readState(flags.dataDir);
      const scenarios = await listScenarios(state.sandbox.url);
      if (flags.list) {
        for (const scenario of scenarios)
          process.stdout.write(
            `${scenario.name.padEnd(20)} ${scenario.language.padEnd(6)} ${scenario.title}\n`,
          );
        return;
      }
      const chosen = choose(scenarios, name, flags.lang);
      const recording = recordingOf(flags.record, chosen);
      try {
        await tellCall(state, chosen, recording);
      } finally {
        recording?.close();
      }
    });

import { Command } from 'commander';
import { listScenarios } from '../narration/sandbox-calls.ts';
import { shortcomings, tellCall } from '../narration/tell-call.ts';
import { Platform, sayStandIns } from '../platform/platform.ts';
import { say } from '../progress.ts';
import { stopOnSignal } from '../stop-on-signal.ts';
import { beforeStart } from './before-start.ts';
import { dataDirOption, wholeNumber } from './options.ts';
import { sayAddresses } from './up.ts';

interface DemoFlags {
  dataDir: string;
  port?: number;
  exit?: boolean;
}

/** Plays the demo's scenarios one after the other. @returns what was not as it should be */
const playAll = async (platform: Platform): Promise<string[]> => {
  const { state } = platform;
  const wrong: string[] = [];
  const scenarios = (await listScenarios(state.sandbox.url)).filter(({ demo }) => demo);
  say(`\nNow ${scenarios.length} calls, one after the other and as long as real ones: about a minute each.`);
  for (const scenario of scenarios) {
    wrong.push(...shortcomings(scenario, await tellCall(state, scenario)));
  }
  return wrong;
};

const demo = async (flags: DemoFlags): Promise<void> => {
  beforeStart(flags.dataDir);
  const platform = new Platform({ dataDir: flags.dataDir, bridges: 1, port: flags.port });
  const stopped = stopOnSignal(() => platform.stop());
  let wrong: string[] = [];
  try {
    const state = await platform.start();
    sayStandIns(platform.standIns);
    wrong = await Promise.race([playAll(platform), stopped.then(() => [])]);
    if (!flags.exit) sayAddresses(state);
    say();
    for (const line of wrong) say(`Not as it should be: ${line}`);
    if (wrong.length === 0) say('All calls ended as they should.');
  } catch (error) {
    await platform.stop();
    throw error;
  }
  if (flags.exit) await platform.stop();
  else {
    say('Everything stays up for you to look at; Ctrl-C stops it.');
    await stopped;
  }
  process.exitCode = wrong.length > 0 ? 1 : 0;
};

export const demoCommand = (): Command =>
  new Command('demo')
    .description('from nothing: start the platform, play calls in four languages, show what became of each')
    .addOption(dataDirOption())
    .option('--port <port>', 'port of the front door (0: a free one)', wholeNumber(0, 65_535))
    .option('--exit', 'stop when the calls are over; the status says whether all went as it should')
    .action(demo);

import { Command, InvalidArgumentError } from 'commander';
import { writeFileSync } from 'node:fs';
import { SYSTEM_NAMES, type SystemName } from '@tradeline/bench/systems';
import { Failure } from '../failure.ts';
import { inRoot, ROOT } from '../paths.ts';
import { buildWhenStale } from '../platform/build.ts';
import { say } from '../progress.ts';
import { healthCommand } from './bench-health.ts';
import { wholeNumber } from './options.ts';

const PAGE = 'docs/benchmarks.md';
const MAX_CALLS = 1_000;
const MAX_LOADS = 6;
const MAX_SECONDS = 120;
const MAX_ROUNDS = 9;
const FRAME_MS = 20;
const MAX_DELTA_MS = 400;
/** Opening, warming up, hanging up and looking at what is left. */
const AROUND_A_ROUND_S = 18;

const loads = (value: string): number[] => {
  const numbers = value.split(',').map(wholeNumber(1, MAX_CALLS));
  if (numbers.length > MAX_LOADS) throw new InvalidArgumentError(`It takes at most ${MAX_LOADS} loads.`);
  return numbers;
};

const systems = (value: string): SystemName[] => {
  const wanted = value.split(',');
  const unknown = wanted.find((name) => !SYSTEM_NAMES.some((known) => known === name));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`There is no ${unknown}: it takes ${SYSTEM_NAMES.join(', ')}.`);
  return SYSTEM_NAMES.filter((name) => wanted.includes(name));
};

const frames = (value: string): number => {
  const ms = wholeNumber(FRAME_MS, MAX_DELTA_MS)(value);
  if (ms % FRAME_MS !== 0) throw new InvalidArgumentError(`It takes a multiple of ${FRAME_MS}.`);
  return ms;
};

interface VoiceFlags {
  readonly calls: number[];
  readonly seconds: number;
  readonly rounds: number;
  readonly only: SystemName[];
  readonly deltaMs: number;
  readonly write: boolean;
}

/** Ctrl-C ends all that was started, and waits for it. */
const untilStopped = (): AbortSignal => {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () =>
      controller.abort(new Failure('stopped; nothing was written and nothing is left running')),
    );
  return controller.signal;
};

const voice = async (flags: VoiceFlags): Promise<void> => {
  if (process.platform !== 'linux')
    throw new Failure('The benchmark reads processor time and memory from /proc, which only Linux has.');
  const signal = untilStopped();
  await buildWhenStale();
  signal.throwIfAborted();
  const rounds =
    flags.calls.length * flags.only.length * flags.rounds + (flags.only.includes('bridge') ? 1 : 0);
  say(
    `${rounds} rounds, about ${Math.ceil((rounds * (flags.seconds + AROUND_A_ROUND_S)) / 60)} minutes. Let the machine rest meanwhile.`,
  );
  const { benchmarksPage, benchVoice, terminalTable } = await import('@tradeline/bench');
  const bench = await benchVoice({ ...flags, root: ROOT, say }, signal);
  process.stdout.write(`\n${terminalTable(bench)}\n`);
  if (!flags.write) return;
  writeFileSync(inRoot(PAGE), benchmarksPage(bench));
  say(`\nMethod, all numbers, ratios and the profile: ${PAGE}`);
};

const voiceCommand = (): Command =>
  new Command('voice')
    .description(
      'play the same calls to our bridge, to the OpenAI Agents SDK and to a plain relay, and compare what they cost',
    )
    .option('--calls <numbers>', 'how many calls at once; several loads by commas', loads, [50, 100, 200])
    .option('--seconds <n>', 'length of the steady part of a round', wholeNumber(5, MAX_SECONDS), 20)
    .option('--rounds <n>', 'rounds for each system and load', wholeNumber(1, MAX_ROUNDS), 3)
    .option('--only <systems>', `some of ${SYSTEM_NAMES.join(', ')}`, systems, [...SYSTEM_NAMES])
    .option('--delta-ms <n>', "length of the model's audio messages, a multiple of 20", frames, FRAME_MS)
    .option('--no-write', `leave ${PAGE} as it is`)
    .addHelpText(
      'after',
      `
Measures, in rounds that take turns: processor time per call-second, added delay each way, memory per call, greeting, barge-in,
frames lost or reordered, sessions left open; then profiles the bridge in one more round. Prints one table and writes
${PAGE}. Everything is on loopback and needs no account. The system under test has one core, phones and model another.`,
    )
    .action(voice);

export const benchCommand = (): Command =>
  new Command('bench')
    .description('the benchmarks, with their method, in one table')
    .addCommand(voiceCommand())
    .addCommand(healthCommand(untilStopped));

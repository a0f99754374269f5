import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { startBus } from './bus.ts';
import type { RoundResult } from './judge.ts';
import { findCores, killAll, mayGoFirst, moveTo, type Cores } from './machine/processes.ts';
import type { Script } from './players/messages.ts';
import { readProfile, type ProfileSummary } from './report/profile.ts';
import { playRound, type RoundPlan, type Stage } from './round.ts';
import type { SystemName } from './systems/names.ts';

export interface VoiceBenchOptions {
  /** The root of a checkout whose services are built. */
  readonly root: string;
  readonly calls: readonly number[];
  /** Length of the steady part of a round. */
  readonly seconds: number;
  readonly rounds: number;
  readonly only: readonly SystemName[];
  /** Length of the model's audio messages, in milliseconds. */
  readonly deltaMs: number;
  readonly say: (line: string) => void;
}

/** What was measured, and on what. */
export interface VoiceBench {
  readonly options: VoiceBenchOptions;
  readonly script: Script;
  readonly results: readonly RoundResult[];
  readonly profile: ProfileSummary | undefined;
  readonly machine: Machine;
}

export interface Machine {
  readonly date: string;
  readonly commit: string;
  readonly processor: string;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly pinned: boolean;
  /** Put before the processes of others. */
  readonly wentFirst: boolean;
  readonly versions: Readonly<Record<string, string>>;
}

const SCRIPT: Omit<Script, 'deltaMs'> = {
  firstAudioMs: 300,
  openingMs: 300,
  greetingMs: 2_000,
  answerMs: 4_000,
  pauseMs: 700,
  callerSpeaksMs: 500,
  bargeInEvery: 3,
};

/** A profile is taken at this load, or at the nearest that was asked for. */
const PROFILED_CALLS = 100;

const versionOf = (root: string, name: string): string =>
  (JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string })
    .version;

const git = (root: string, ...args: string[]): string => {
  try {
    return execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
};

const commitOf = (root: string): string => {
  const commit = git(root, 'rev-parse', '--short', 'HEAD');
  if (commit === '') return 'unknown';
  return git(root, 'status', '--porcelain', '--', 'apps/realtime-bridge', 'libs') === ''
    ? commit
    : `${commit}, with changes that are not committed`;
};

const machineOf = (root: string, cores: Cores | undefined, wentFirst: boolean, nats: string): Machine => ({
  date: new Date().toISOString().slice(0, 10),
  commit: commitOf(root),
  processor: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores`,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  kernel: `Linux ${release()}`,
  pinned: cores !== undefined,
  wentFirst,
  versions: {
    node: process.versions.node,
    ws: versionOf(root, 'ws'),
    '@openai/agents-extensions': versionOf(root, '@openai/agents-extensions'),
    'nats-server': nats,
  },
});

const roundsOf = ({ calls, rounds, only, seconds }: VoiceBenchOptions, script: Script): RoundPlan[] =>
  calls.flatMap((count) =>
    Array.from({ length: rounds }, () =>
      only.map((system) => ({ system, calls: count, seconds, script, profile: false })),
    ).flat(),
  );

const profiledRound = ({ calls, only, seconds }: VoiceBenchOptions, script: Script): RoundPlan[] => {
  const distance = (count: number): number => Math.abs(count - PROFILED_CALLS);
  const nearest = [...calls].sort((one, other) => distance(one) - distance(other))[0];
  return nearest === undefined || !only.includes('bridge')
    ? []
    : [{ system: 'bridge', calls: nearest, seconds, script, profile: true }];
};

const told = (result: RoundResult): string =>
  result.brokeDown === undefined
    ? `${result.cpuMsPerCallSecond.toFixed(2)} ms per call-second, P99 ${result.toModelP99Ms?.toFixed(2)} ms to the model and ` +
      `${result.toCallerP99Ms?.toFixed(2)} ms to the caller, ${result.lost} frames lost, ${result.sessionsLeft} sessions left`
    : `broke down: ${result.brokeDown}`;

/**
 * Plays the same calls to our bridge and to what it is measured against, in turns. Ends everything that it has started when
 * `signal` says so.
 */
export const benchVoice = async (options: VoiceBenchOptions, signal: AbortSignal): Promise<VoiceBench> => {
  const { root, say } = options;
  const script: Script = { ...SCRIPT, deltaMs: options.deltaMs };
  const cores = findCores();
  if (!cores)
    say('No taskset, or one core only: nothing is pinned, and what is measured disturbs what measures.');
  const workDir = mkdtempSync(join(tmpdir(), 'tradeline-bench-rounds-'));
  const bus = await startBus(root);
  const abort = (): void => killAll();
  signal.addEventListener('abort', abort, { once: true });
  try {
    const first = mayGoFirst();
    if (bus.pid !== undefined) moveTo(bus.pid, { core: cores?.others, first });
    moveTo(process.pid, { core: cores?.others });
    const plans = [...roundsOf(options, script), ...profiledRound(options, script)];
    const results: RoundResult[] = [];
    let profile: ProfileSummary | undefined;
    for (const [index, plan] of plans.entries()) {
      signal.throwIfAborted();
      const stage: Stage = { root, bus, cores, first, signal, workDir: join(workDir, String(index)) };
      const what = `${index + 1}/${plans.length} ${plan.system}, ${plan.calls} calls${plan.profile ? ', profiled' : ''}`;
      const result = await playRound(plan, stage).catch((error: unknown) => {
        signal.throwIfAborted();
        say(`  ${what}: could not be played: ${error instanceof Error ? error.message : String(error)}`);
        return undefined;
      });
      if (!result) continue;
      say(`  ${what}: ${told(result)}`);
      if (plan.profile) profile = readProfile(join(stage.workDir, 'profile'), result.window, root);
      else results.push(result);
    }
    return { options, script, results, profile, machine: machineOf(root, cores, first, bus.version) };
  } finally {
    signal.removeEventListener('abort', abort);
    killAll();
    await bus.stop();
    rmSync(workDir, { recursive: true, force: true });
  }
};

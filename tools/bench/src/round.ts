import { mkdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ChildProcess } from 'node:child_process';
import type { Bus } from './bus.ts';
import { judge, type RoundResult } from './judge.ts';
import { messageFrom, startNode, stopProcess, type Cores } from './machine/processes.ts';
import { coreTime, cpuMsOf, residentKbOf } from './machine/proc.ts';
import type {
  FromModel,
  FromPhones,
  ModelReport,
  PhonesReport,
  Script,
  ToModel,
  ToPhones,
  Window,
} from './players/messages.ts';
import type { SystemName } from './systems/names.ts';
import { startSystem, type RunningSystem } from './systems/system.ts';
import { nowUs } from './wire/monotonic.ts';

export interface RoundPlan {
  readonly system: SystemName;
  readonly calls: number;
  readonly seconds: number;
  readonly script: Script;
  readonly profile: boolean;
}

export interface Stage {
  readonly root: string;
  readonly bus: Bus;
  readonly cores: Cores | undefined;
  /** Whether what is started goes before the work of others. */
  readonly first: boolean;
  readonly workDir: string;
  /** Ends the waiting; whoever gives it ends the processes. */
  readonly signal: AbortSignal;
}

const UP_WITHIN_MS = 10_000;
/** A bridge has its fixed phrases made when it starts. */
const SETTLE_MS = 5_000;
/** New calls come in this fast. */
const RAMP_MS_PER_CALL = 25;
/** From the TwiML to the stream, as a phone network takes. */
const SETUP_MS = 300;
/** Greetings are over and code is compiled. */
const WARM_UP_MS = 5_000;
const HANG_UP_OVER_MS = 1_000;
const REPORT_WITHIN_MS = 15_000;
/** A bridge waits for the caller's last words for some seconds. */
const LEAK_PATIENCE_MS = 6_000;

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const isOf =
  <T extends { readonly type: string }, Type extends T['type']>(type: Type) =>
  (message: unknown): message is Extract<T, { type: Type }> =>
    typeof message === 'object' && message !== null && (message as { type?: unknown }).type === type;

/** How much a pinned core manages while nothing of ours runs on it. */
const spin = async (core: number | undefined): Promise<number> => {
  const child = startNode(here('machine/spin.ts'), [], { core });
  const said = await messageFrom(
    child,
    (message): message is { chunks: number } => typeof message === 'object',
    UP_WITHIN_MS,
  );
  return said.chunks;
};

/** Plays one round: starts everything anew, raises the calls, watches the steady part, hangs up, and looks at what is left. */
export const playRound = async (plan: RoundPlan, stage: Stage): Promise<RoundResult> => {
  const { cores, first, workDir, root, bus, signal } = stage;
  mkdirSync(workDir, { recursive: true });
  const spinBefore = await spin(cores?.tested);
  const model = startNode(here('players/model.ts'), [JSON.stringify(plan.script)], {
    core: cores?.others,
    first,
  });
  const phones = startNode(here('players/phones.ts'), [], { core: cores?.others, first });
  let system: RunningSystem | undefined;
  try {
    const [{ url: modelUrl }] = await Promise.all([
      messageFrom(model, isOf<FromModel, 'up'>('up'), UP_WITHIN_MS),
      messageFrom(phones, isOf<FromPhones, 'up'>('up'), UP_WITHIN_MS),
    ]);
    const { calls, profile } = plan;
    system = await startSystem(plan.system, {
      root,
      bus,
      core: cores?.tested,
      first,
      workDir,
      modelUrl,
      calls,
      profile,
    });
    const observed = await play(plan, { system, model, phones, cores, signal });
    await system.stop();
    const spinAfter = await spin(cores?.tested);
    return judge(plan, { ...observed, spinBefore, spinAfter });
  } finally {
    await Promise.all([stopProcess(model), stopProcess(phones), system?.stop()]);
  }
};

interface Cast {
  readonly system: RunningSystem;
  readonly model: ChildProcess;
  readonly phones: ChildProcess;
  readonly cores: Cores | undefined;
  readonly signal: AbortSignal;
}

/** What a round has shown, unjudged. */
export interface Observed {
  readonly window: Window;
  readonly seconds: number;
  readonly cpuMs: number;
  readonly residentBeforeKb: number;
  readonly residentKb: number;
  /** Of the tested core, in the window; undefined where nothing is pinned. */
  readonly coreBusyMs: number | undefined;
  readonly systemDied: boolean;
  readonly phones: PhonesReport;
  readonly model: ModelReport;
}

const play = async (plan: RoundPlan, cast: Cast): Promise<Observed> => {
  const { system, model, phones, cores, signal } = cast;
  const pass = (ms: number): Promise<unknown> => wait(ms, undefined, { signal });
  const toPhones = (message: ToPhones): unknown => phones.send(message);
  const toModel = (message: ToModel): unknown => model.send(message);
  givePlaces(system, phones);
  const pid = system.process.pid ?? 0;
  await pass(SETTLE_MS);
  const residentBeforeKb = residentKbOf(pid);
  const rampMs = plan.calls * RAMP_MS_PER_CALL;
  toPhones({ type: 'begin', calls: plan.calls, rampMs, setupMs: SETUP_MS });
  await pass(rampMs + SETUP_MS + WARM_UP_MS);

  const fromUs = nowUs();
  const window: Window = { fromUs, toUs: fromUs + plan.seconds * 1e6 };
  toPhones({ type: 'window', window });
  toModel({ type: 'window', window });
  const cpuBefore = cpuMsOf(pid);
  const coreBefore = cores && coreTime(cores.tested);
  await pass(plan.seconds * 1000);
  const cpuMs = cpuMsOf(pid) - cpuBefore;
  const coreBusyMs = coreBefore && coreTime(cores.tested).busyMs - coreBefore.busyMs;
  const seconds = (nowUs() - fromUs) / 1e6;
  const residentKb = residentKbOf(pid);
  const systemDied = system.process.exitCode !== null || system.process.signalCode !== null;

  toPhones({ type: 'hang-up', overMs: HANG_UP_OVER_MS });
  const { report: phonesReport } = await messageFrom(
    phones,
    isOf<FromPhones, 'report'>('report'),
    REPORT_WITHIN_MS,
  );
  toModel({ type: 'report', waitMs: LEAK_PATIENCE_MS, hangUps: phonesReport.hangUps });
  const { report: modelReport } = await messageFrom(
    model,
    isOf<FromModel, 'report'>('report'),
    REPORT_WITHIN_MS,
  );
  return {
    window,
    seconds,
    cpuMs,
    residentBeforeKb,
    residentKb,
    coreBusyMs,
    systemDied,
    phones: phonesReport,
    model: modelReport,
  };
};

const givePlaces = (system: RunningSystem, phones: ChildProcess): void => {
  const wantsPlace = isOf<FromPhones, 'want-place'>('want-place');
  phones.on('message', (message) => {
    if (!wantsPlace(message)) return;
    const { call, callSid } = message;
    system.place(callSid).then(
      (place) => phones.connected && phones.send({ type: 'place', call, callSid, place } satisfies ToPhones),
      (error: unknown) =>
        phones.connected && phones.send({ type: 'refused', call, why: String(error) } satisfies ToPhones),
    );
  });
};

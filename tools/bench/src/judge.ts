import type { Observed, RoundPlan } from './round.ts';
import type { Window } from './players/messages.ts';
import { lossesOf } from './wire/arrivals.ts';
import { Delays } from './wire/delays.ts';
import { median, percentile } from './statistics.ts';
import type { SystemName } from './systems/names.ts';

/** A core that is used to this share has no more to give, and its processor time per call says nothing. */
const SPENT_CORE = 0.97;
/** Audio that comes later than this is no conversation. */
const HOPELESS_DELAY_MS = 1_000;
const MAX_LOST_SHARE = 0.01;
const BARGE_IN_WITHIN_US = 2e6;
/** Players that are busier than this add delays of their own. */
export const BUSY_PLAYERS = 0.9;

/** What one round has shown. Undefined is what could not be measured. */
export interface RoundResult {
  readonly system: SystemName;
  readonly calls: number;
  readonly window: Window;
  /** Why the system did not carry the load; its numbers are then not to be compared. */
  readonly brokeDown: string | undefined;
  readonly cpuMsPerCallSecond: number;
  readonly coreUse: number;
  /** How much of the tested core others have used. */
  readonly foreignUse: number | undefined;
  /** Of the other core, by the phones and the model. */
  readonly playersUse: number;
  readonly toModelP50Ms: number | undefined;
  readonly toModelP99Ms: number | undefined;
  readonly toCallerP50Ms: number | undefined;
  readonly toCallerP99Ms: number | undefined;
  readonly kbPerCall: number;
  readonly baseMb: number;
  readonly greetingP50Ms: number | undefined;
  readonly greetingP99Ms: number | undefined;
  readonly bargeInP50Ms: number | undefined;
  readonly bargeInP99Ms: number | undefined;
  readonly bargeIns: number;
  readonly bargeInsMissed: number;
  /** Frames in both directions, apart from those before the model could hear. */
  readonly lost: number;
  readonly lostAtStart: number;
  readonly disordered: number;
  readonly framesSent: number;
  /** Came to the model without a marker that can be believed. */
  readonly damaged: number;
  readonly appendsPerCallSecond: number;
  readonly sessionsLeft: number;
  readonly messagesPerCallSecond: number;
  readonly spinBefore: number;
  readonly spinAfter: number;
}

/** From the model's "the caller speaks" to `clear` at the phone; undefined for one that was missed. */
const bargeInDelays = ({ phones, model }: Observed): (number | undefined)[] =>
  model.bargeIns.map(([call, atUs]) => {
    const clear = phones.clears.find(
      ([whose, clearUs]) => whose === call && clearUs >= atUs && clearUs < atUs + BARGE_IN_WITHIN_US,
    );
    return clear && (clear[1] - atUs) / 1000;
  });

const sum = (sent: readonly (readonly [number, number])[]): number =>
  sent.reduce((total, [, frames]) => total + frames, 0);

export const judge = (
  plan: RoundPlan,
  observed: Observed & { readonly spinBefore: number; readonly spinAfter: number },
): RoundResult => {
  const { phones, model, seconds, cpuMs, coreBusyMs } = observed;
  const toModel = Delays.from(model.fromCallers);
  const toCaller = Delays.from(phones.fromModel);
  const up = lossesOf(model.arrived, new Map(phones.sent));
  const down = lossesOf(phones.arrived, new Map(model.sent), model.droppable);
  const delays = bargeInDelays(observed);
  const noticed = delays.filter((delay) => delay !== undefined);
  const framesSent = sum(phones.sent) + sum(model.sent);
  const coreUse = cpuMs / 1000 / seconds;
  const callSeconds = plan.calls * seconds;
  const result = {
    system: plan.system,
    calls: plan.calls,
    window: observed.window,
    cpuMsPerCallSecond: cpuMs / callSeconds,
    coreUse,
    foreignUse: coreBusyMs === undefined ? undefined : Math.max(0, (coreBusyMs - cpuMs) / 1000 / seconds),
    playersUse: (phones.cpuMs + model.cpuMs) / 1000 / seconds,
    toModelP50Ms: toModel.percentile(0.5),
    toModelP99Ms: toModel.percentile(0.99),
    toCallerP50Ms: toCaller.percentile(0.5),
    toCallerP99Ms: toCaller.percentile(0.99),
    kbPerCall: (observed.residentKb - observed.residentBeforeKb) / plan.calls,
    baseMb: observed.residentBeforeKb / 1024,
    greetingP50Ms: median(phones.greetingsMs),
    greetingP99Ms: percentile(phones.greetingsMs, 0.99),
    bargeInP50Ms: median(noticed),
    bargeInP99Ms: percentile(noticed, 0.99),
    bargeIns: delays.length,
    bargeInsMissed: delays.length - noticed.length,
    lost: up.later + down.later,
    lostAtStart: up.atStart + down.atStart,
    disordered: up.disordered + down.disordered,
    framesSent,
    damaged: model.unreadable,
    appendsPerCallSecond: model.appends / callSeconds,
    sessionsLeft: model.sessionsLeft,
    messagesPerCallSecond: (phones.messagesIn + phones.messagesOut) / callSeconds,
    spinBefore: observed.spinBefore,
    spinAfter: observed.spinAfter,
  };
  return { ...result, brokeDown: whyBroken(result, observed) };
};

const whyBroken = (
  result: Omit<RoundResult, 'brokeDown'>,
  { systemDied, phones }: Observed,
): string | undefined => {
  const { coreUse, toModelP50Ms, toCallerP50Ms, lost, framesSent } = result;
  if (systemDied) return 'the process ended';
  if (phones.failed + phones.dropped > 0)
    return `${phones.failed} calls not opened, ${phones.dropped} cut (${phones.reasons.join('; ')})`;
  if (coreUse > SPENT_CORE) return 'its core was spent';
  if (toModelP50Ms === undefined || toCallerP50Ms === undefined) return 'no audio came through';
  if (Math.max(toModelP50Ms, toCallerP50Ms) > HOPELESS_DELAY_MS) return 'audio came seconds late';
  if (lost > framesSent * MAX_LOST_SHARE) return `${lost} of ${framesSent} frames lost`;
  return undefined;
};

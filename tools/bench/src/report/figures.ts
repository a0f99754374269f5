import type { RoundResult } from '../judge.ts';
import { summarise, type Summary } from '../statistics.ts';
import type { SystemName } from '../systems/names.ts';

export const TITLES: Readonly<Record<SystemName, string>> = {
  bridge: '(a) realtime-bridge',
  sdk: '(b) OpenAI Agents SDK',
  relay: '(c) plain `ws` relay',
  'busy-bridge': '(d) realtime-bridge, busy',
};

export const NOT_MEASURED = 'not measured';

/** The rounds of one system at one load. */
export interface Cell {
  readonly system: SystemName;
  readonly calls: number;
  readonly rounds: readonly RoundResult[];
  /** Those in which it carried the load. */
  readonly whole: readonly RoundResult[];
}

export const cellOf = (results: readonly RoundResult[], system: SystemName, calls: number): Cell => {
  const rounds = results.filter((result) => result.system === system && result.calls === calls);
  return { system, calls, rounds, whole: rounds.filter(({ brokeDown }) => brokeDown === undefined) };
};

export interface Figure {
  readonly title: string;
  readonly digits: number;
  readonly of: (result: RoundResult) => number | undefined;
}

export const CPU: Figure = {
  title: 'CPU, ms per call-second',
  digits: 2,
  of: (result) => result.cpuMsPerCallSecond,
};
export const TO_MODEL_P99: Figure = {
  title: 'added delay caller to model P99, ms',
  digits: 2,
  of: (result) => result.toModelP99Ms,
};
export const TO_CALLER_P99: Figure = {
  title: 'added delay model to caller P99, ms',
  digits: 2,
  of: (result) => result.toCallerP99Ms,
};
export const MEMORY: Figure = { title: 'memory per call, KB', digits: 0, of: (result) => result.kbPerCall };
export const GREETING_P99: Figure = {
  title: 'first greeting audio after `start` P99, ms',
  digits: 0,
  of: (result) => result.greetingP99Ms,
};
export const LOST: Figure = { title: 'frames lost', digits: 0, of: (result) => result.lost };
export const DISORDERED: Figure = {
  title: 'frames reordered or doubled',
  digits: 0,
  of: (result) => result.disordered,
};
export const LEAKED: Figure = {
  title: 'model sessions left open after all have hung up',
  digits: 0,
  of: (result) => result.sessionsLeft,
};

export const FIGURES: readonly Figure[] = [
  CPU,
  { title: 'use of the core, %', digits: 0, of: (result) => result.coreUse * 100 },
  { title: 'added delay caller to model P50, ms', digits: 2, of: (result) => result.toModelP50Ms },
  TO_MODEL_P99,
  { title: 'added delay model to caller P50, ms', digits: 2, of: (result) => result.toCallerP50Ms },
  TO_CALLER_P99,
  MEMORY,
  { title: 'memory before the first call, MB', digits: 0, of: (result) => result.baseMb },
  { title: 'first greeting audio after `start` P50, ms', digits: 0, of: (result) => result.greetingP50Ms },
  GREETING_P99,
  { title: 'barge-in until `clear` P50, ms', digits: 2, of: (result) => result.bargeInP50Ms },
  { title: 'barge-in until `clear` P99, ms', digits: 2, of: (result) => result.bargeInP99Ms },
  {
    title: 'barge-ins without `clear` (right where nothing was left to play)',
    digits: 0,
    of: (result) => result.bargeInsMissed,
  },
  LOST,
  { title: 'caller frames before the model could hear, lost', digits: 0, of: (result) => result.lostAtStart },
  DISORDERED,
  { title: 'caller frames damaged', digits: 0, of: (result) => result.damaged },
  LEAKED,
  {
    title: 'messages to and from the phone, per call-second',
    digits: 0,
    of: (result) => result.messagesPerCallSecond,
  },
  {
    title: 'audio messages to the model, per call-second',
    digits: 0,
    of: (result) => result.appendsPerCallSecond,
  },
  {
    title: "others' use of the tested core, %",
    digits: 0,
    of: (result) => result.foreignUse && result.foreignUse * 100,
  },
  {
    title: 'use of the other core by callers and model, %',
    digits: 0,
    of: (result) => result.playersUse * 100,
  },
];

export const summaryOf = ({ whole }: Cell, { of }: Figure): Summary | undefined => summarise(whole.map(of));

/** The median, and behind it the least and the most when they differ from it. */
export const show = (summary: Summary | undefined, digits: number): string => {
  if (!summary) return NOT_MEASURED;
  const [median, least, most] = [summary.median, summary.least, summary.most].map((value) =>
    value.toFixed(digits),
  );
  return least === most ? `${median}` : `${median} (${least} to ${most})`;
};

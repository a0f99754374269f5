import type { RoundResult } from '../judge.ts';
import { ratio } from '../statistics.ts';
import {
  cellOf,
  CPU,
  DISORDERED,
  GREETING_P99,
  LEAKED,
  LOST,
  MEMORY,
  NOT_MEASURED,
  summaryOf,
  TO_CALLER_P99,
  TO_MODEL_P99,
  type Figure,
} from './figures.ts';

/** What the bridge is to hold, each with what this run says about it. */
export interface Verdict {
  readonly what: string;
  readonly atMost: string;
  readonly measured: string;
  readonly held: boolean | undefined;
}

interface RatioAim {
  readonly to: 'sdk' | 'relay';
  readonly calls: number;
  readonly atMost: number;
}

/** The SDK is compared at 100 calls: on slower cores than that of the last run it breaks down before 200. */
const RATIO_AIMS: readonly RatioAim[] = [
  { to: 'sdk', calls: 100, atMost: 0.4 },
  { to: 'relay', calls: 100, atMost: 0.65 },
  { to: 'relay', calls: 200, atMost: 0.65 },
];

interface OwnAim {
  readonly figure: Figure;
  readonly atMost: number;
}

const OWN_AIMS: readonly OwnAim[] = [
  { figure: CPU, atMost: 2.5 },
  { figure: TO_MODEL_P99, atMost: 20 },
  { figure: TO_CALLER_P99, atMost: 20 },
  { figure: GREETING_P99, atMost: 100 },
  { figure: MEMORY, atMost: 150 },
  { figure: LOST, atMost: 0 },
  { figure: DISORDERED, atMost: 0 },
  { figure: LEAKED, atMost: 0 },
];

const NAMES = { sdk: '(b)', relay: '(c)' } as const;

const ratioVerdict = (results: readonly RoundResult[], { to, calls, atMost }: RatioAim): Verdict => {
  const measured = ratio(
    summaryOf(cellOf(results, 'bridge', calls), CPU),
    summaryOf(cellOf(results, to, calls), CPU),
  );
  return {
    what: `CPU per call-second, (a) / ${NAMES[to]}, ${calls} calls`,
    atMost: atMost.toFixed(2),
    measured: measured?.toFixed(2) ?? NOT_MEASURED,
    held: measured === undefined ? undefined : measured <= atMost,
  };
};

const ownVerdict = (results: readonly RoundResult[], calls: number, { figure, atMost }: OwnAim): Verdict => {
  const summary = summaryOf(cellOf(results, 'bridge', calls), figure);
  // What must never happen is judged by the worst round, what varies by the median.
  const measured = atMost === 0 ? summary?.most : summary?.median;
  return {
    what: `(a) ${figure.title}, ${calls} calls`,
    atMost: String(atMost),
    measured: measured?.toFixed(figure.digits) ?? NOT_MEASURED,
    held: measured === undefined ? undefined : measured <= atMost,
  };
};

export const verdictsOf = (results: readonly RoundResult[], calls: readonly number[]): Verdict[] => [
  ...RATIO_AIMS.filter((aim) => calls.includes(aim.calls)).map((aim) => ratioVerdict(results, aim)),
  ...calls.flatMap((count) => OWN_AIMS.map((aim) => ownVerdict(results, count, aim))),
];

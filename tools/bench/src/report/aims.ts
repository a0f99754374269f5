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
  readonly of: 'bridge' | 'busy-bridge';
  readonly to: 'sdk' | 'relay';
  readonly calls: number;
  readonly atMost: number;
}

/** The SDK is compared at 100 calls: on slower cores than that of the last run it breaks down before 200. */
const RATIO_AIMS: readonly RatioAim[] = [
  { of: 'bridge', to: 'sdk', calls: 100, atMost: 0.4 },
  { of: 'bridge', to: 'relay', calls: 100, atMost: 0.65 },
  { of: 'bridge', to: 'relay', calls: 200, atMost: 0.65 },
  { of: 'busy-bridge', to: 'sdk', calls: 100, atMost: 0.25 },
  { of: 'busy-bridge', to: 'relay', calls: 100, atMost: 0.45 },
  { of: 'busy-bridge', to: 'relay', calls: 200, atMost: 0.45 },
];

/** What a busy bridge may hold audio back for. */
const COALESCED_MS = 60;
const DELAYS: readonly Figure[] = [TO_MODEL_P99, TO_CALLER_P99];

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

const NAMES = { bridge: '(a)', sdk: '(b)', relay: '(c)', 'busy-bridge': '(d)' } as const;

const ratioVerdict = (results: readonly RoundResult[], { of, to, calls, atMost }: RatioAim): Verdict => {
  const measured = ratio(
    summaryOf(cellOf(results, of, calls), CPU),
    summaryOf(cellOf(results, to, calls), CPU),
  );
  return {
    what: `CPU per call-second, ${NAMES[of]} / ${NAMES[to]}, ${calls} calls`,
    atMost: atMost.toFixed(2),
    measured: measured?.toFixed(2) ?? NOT_MEASURED,
    held: measured === undefined ? undefined : measured <= atMost,
  };
};

/** We add no more delay than the relay does, and no more than the window where frames are held back. */
const delayVerdict = (
  results: readonly RoundResult[],
  of: 'bridge' | 'busy-bridge',
  calls: number,
  figure: Figure,
): Verdict => {
  const windowMs = of === 'bridge' ? 0 : COALESCED_MS;
  const measured = summaryOf(cellOf(results, of, calls), figure)?.median;
  const relay = summaryOf(cellOf(results, 'relay', calls), figure)?.median;
  const atMost = relay === undefined ? undefined : relay + windowMs;
  return {
    what: `${NAMES[of]} ${figure.title}, ${calls} calls: (c)'s${windowMs > 0 ? ` + ${windowMs}` : ''}`,
    atMost: atMost?.toFixed(figure.digits) ?? NOT_MEASURED,
    measured: measured?.toFixed(figure.digits) ?? NOT_MEASURED,
    held: measured === undefined || atMost === undefined ? undefined : measured <= atMost,
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
  ...calls.flatMap((count) =>
    (['bridge', 'busy-bridge'] as const).flatMap((of) =>
      DELAYS.map((figure) => delayVerdict(results, of, count, figure)),
    ),
  ),
  ...calls.flatMap((count) => OWN_AIMS.map((aim) => ownVerdict(results, count, aim))),
];

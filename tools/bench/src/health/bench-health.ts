import { percentile } from '../statistics.ts';
import { type Synthesised, synthesiseRollups } from './rollups.ts';

/** The longest that the answer may take, at the 95th percentile. */
export const HEALTH_P95_MS = 10;

const WINDOWS = ['1h', '24h', '7d'] as const;
/** The first answers find cold caches and code that is not compiled yet. */
const WARM_UP_SHARE = 0.25;
/** Hours at the edges of a week are facts, and there are none. */
const LEAST_SHARE_OF_A_WEEK = 0.98;

export interface HealthTarget {
  readonly postgresUrl: string;
  readonly apiUrl: string;
  /** Tenants that can be asked for, each by its key. */
  readonly tenants: readonly { readonly id: string; readonly apiKey: string }[];
}

export interface HealthBenchOptions {
  readonly calls: number;
  /** How many tenants the calls belong to; those that are asked for among them. */
  readonly tenants: number;
  /** Questions for each window. */
  readonly questions: number;
  readonly say: (line: string) => void;
}

export interface HealthBench {
  readonly synthesised: Synthesised;
  readonly windows: readonly { readonly window: string; readonly p50Ms: number; readonly p95Ms: number }[];
}

const ask = async (
  { apiUrl }: HealthTarget,
  apiKey: string,
  window: string,
): Promise<{ tookMs: number; calls: number }> => {
  const beganMs = performance.now();
  const response = await fetch(`${apiUrl}/v1/metrics/voice-health?window=${window}`, {
    headers: { authorization: `Bearer ${apiKey}` },
  });
  const text = await response.text();
  const tookMs = performance.now() - beganMs;
  if (!response.ok)
    throw new Error(`the voice health was answered with ${response.status}: ${text.slice(0, 300)}`);
  return { tookMs, calls: (JSON.parse(text) as { calls: number }).calls };
};

/** Fills the rollups and asks over the tenants' own door, one question after the other, tenants in turn. */
export const benchHealth = async (
  target: HealthTarget,
  { calls, tenants, questions, say }: HealthBenchOptions,
  signal: AbortSignal,
): Promise<HealthBench> => {
  const others = Array.from(
    { length: Math.max(0, tenants - target.tenants.length) },
    (_, n) => `tn_bench_${n}`,
  );
  const ids = [...target.tenants.map(({ id }) => id), ...others];
  const synthesised = await synthesiseRollups(target.postgresUrl, ids, calls, Date.now());
  say(
    `${synthesised.rows.toLocaleString('en')} rollups of ${synthesised.calls.toLocaleString('en')} calls are in the database`,
  );
  const windows: HealthBench['windows'][number][] = [];
  for (const window of WINDOWS) {
    const took: number[] = [];
    for (let question = 0; question < questions; question += 1) {
      signal.throwIfAborted();
      const tenant = target.tenants[question % target.tenants.length];
      const answer = await ask(target, tenant?.apiKey ?? '', window);
      if (window === '7d' && answer.calls < synthesised.callsPerTenant * LEAST_SHARE_OF_A_WEEK)
        throw new Error(`the week was answered with ${answer.calls} calls of ${synthesised.callsPerTenant}`);
      if (question >= questions * WARM_UP_SHARE) took.push(answer.tookMs);
    }
    windows.push({ window, p50Ms: percentile(took, 0.5) ?? NaN, p95Ms: percentile(took, 0.95) ?? NaN });
  }
  return { synthesised, windows };
};

/** A line a window. */
export const healthTable = ({ windows }: HealthBench): string =>
  [
    `window       P50        P95   must be at most ${HEALTH_P95_MS} ms`,
    ...windows.map(
      ({ window, p50Ms, p95Ms }) =>
        `${window.padEnd(6)} ${p50Ms.toFixed(1).padStart(6)} ms  ${p95Ms.toFixed(1).padStart(6)} ms   ${p95Ms <= HEALTH_P95_MS ? 'held' : 'not held'}`,
    ),
  ].join('\n');

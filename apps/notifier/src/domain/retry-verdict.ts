import type { Target } from './delivery.js';
import type { TroubleFacts } from './remote-trouble.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

interface Patience {
  readonly firstMs: number;
  readonly longestMs: number;
  /** Counted from when it became owed. */
  readonly giveUpAfterMs: number;
}

const PATIENCE: Readonly<Record<Target, Patience>> = {
  // A lead is worth most in its first minutes, and mail servers that greylist expect a retry within five.
  smtp: { firstMs: 1_000, longestMs: 10 * MINUTE_MS, giveUpAfterMs: 48 * HOUR_MS },
  hubspot: { firstMs: 1_000, longestMs: 15 * MINUTE_MS, giveUpAfterMs: 48 * HOUR_MS },
  // Standard Webhooks asks for retries over days.
  webhook: { firstMs: 2_000, longestMs: 5 * HOUR_MS, giveUpAfterMs: 72 * HOUR_MS },
};

export type Verdict =
  | { readonly kind: 'retry'; readonly delayMs: number; readonly words: string }
  | { readonly kind: 'failed'; readonly words: string };

/**
 * What follows from a failed attempt. The delay is exponential with full jitter (anything between nothing and the
 * bound), so deliveries that failed together do not return together; a pause that the remote asked for is the least.
 */
export const decideRetry = (
  trouble: Pick<TroubleFacts, 'kind' | 'words' | 'retryAfterMs'>,
  delivery: { readonly target: Target; readonly attempts: number; readonly owedAt: Date },
  now: Date,
  random: () => number = Math.random,
): Verdict => {
  if (trouble.kind === 'permanent') return { kind: 'failed', words: trouble.words };
  const { firstMs, longestMs, giveUpAfterMs } = PATIENCE[delivery.target];
  const bound = Math.min(longestMs, firstMs * 2 ** Math.max(0, delivery.attempts - 1));
  const delayMs = Math.round(Math.max(trouble.retryAfterMs ?? 0, bound * random()));
  if (now.getTime() + delayMs - delivery.owedAt.getTime() > giveUpAfterMs) {
    const hours = Math.round(giveUpAfterMs / HOUR_MS);
    return {
      kind: 'failed',
      words: `${trouble.words} We tried for ${hours} hours; replay it when that is mended.`,
    };
  }
  return { kind: 'retry', delayMs, words: trouble.words };
};

import { setTimeout as delay } from 'node:timers/promises';

export interface EventuallyOptions {
  /** How long it may take, 10 s unless given; a test that passes never waits that long. */
  readonly timeoutMs?: number;
}

const EVERY_MS = 20;

/**
 * Waits for something that happens elsewhere: tries until `check` neither throws nor rejects, and resolves with what
 * it returned. @throws what it threw last, when time is up
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 10_000 }: EventuallyOptions = {},
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > end) throw error;
      await delay(EVERY_MS);
    }
  }
}

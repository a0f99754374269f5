const SHOW_AFTER_MS = 2_000;
const REMIND_EVERY_MS = 10_000;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Writes to standard error, so that standard output stays free for what a program reads. */
export const say = (line = ''): void => {
  process.stderr.write(`${line}\n`);
};

/** Lets a running step say what it is doing; shown when the step is slow. */
export type Tell = (detail: string) => void;

/**
 * Runs one step and shows that it runs: nothing for a quick one, a line at two seconds and one every ten seconds
 * after that for a slow one, and a closing line with its time.
 */
export const step = async <T>(title: string, run: (tell: Tell) => Promise<T>): Promise<T> => {
  const startedMs = performance.now();
  let detail = '';
  let shownMs = 0;
  const show = (): void => {
    const elapsedMs = performance.now() - startedMs;
    if (elapsedMs < SHOW_AFTER_MS || (shownMs > 0 && elapsedMs - shownMs < REMIND_EVERY_MS)) return;
    shownMs = elapsedMs;
    say(`  … ${title}${detail ? `: ${detail}` : ''} (${seconds(elapsedMs)})`);
  };
  const timer = setInterval(show, 250);
  try {
    const result = await run((text) => {
      detail = text;
      show();
    });
    say(`  ✓ ${title} (${seconds(performance.now() - startedMs)})`);
    return result;
  } catch (error) {
    say(`  ✗ ${title} (${seconds(performance.now() - startedMs)})`);
    throw error;
  } finally {
    clearInterval(timer);
  }
};

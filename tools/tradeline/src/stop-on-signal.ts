import { say } from './progress.ts';

/**
 * Runs `stop` at the first Ctrl-C (or SIGTERM), and ends at once at the third.
 * @returns a promise that is kept when everything has stopped
 */
export const stopOnSignal = (stop: () => Promise<void>): Promise<void> =>
  new Promise((resolve, reject) => {
    let asked = 0;
    const onSignal = (): void => {
      asked += 1;
      if (asked === 1) {
        say('\nStopping: calls in progress may finish …');
        stop().then(resolve, reject);
      } else if (asked === 2) say('Still stopping; once more ends it at once.');
      else process.exit(130);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });

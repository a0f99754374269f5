import type { Window } from './messages.ts';
import { nowUs } from '../wire/monotonic.ts';

/** Plays for a benchmark that is the parent process, and ends with it. */
export const playFor = <In>(hear: (message: In) => void): void => {
  process.on('message', (message) => hear(message as In));
  process.on('disconnect', () => process.exit(0));
};

export const tell = <Out>(message: Out): void => {
  process.send?.(message);
};

/** Processor time of this process within the window, taken by two timers. */
export class OwnLoad {
  cpuMs = 0;

  watch({ fromUs, toUs }: Window): void {
    const untilMs = (us: number): number => Math.max(0, (us - nowUs()) / 1000);
    setTimeout(() => {
      const before = process.cpuUsage();
      setTimeout(() => {
        const { user, system } = process.cpuUsage(before);
        this.cpuMs = (user + system) / 1000;
      }, untilMs(toUs));
    }, untilMs(fromUs));
  }
}

import type { EventLoopUtilization } from 'node:perf_hooks';
import type { Clock } from '../domain/clock.js';
import type { LoopMeasurement } from '../domain/work-load.js';

/** Lag is how late this timer comes. */
const TICK_MS = 50;
const TICKS_PER_MEASUREMENT = 10;

const utilization = (now?: EventLoopUtilization, since?: EventLoopUtilization): EventLoopUtilization =>
  performance.eventLoopUtilization(now, since);

/** Measures twice a second how much of the last second this process's event loop was at work, and how late its timers were. */
export class EventLoopMeter {
  private cancelTick: () => void = () => undefined;
  private ticks = 0;
  private lagMs = 0;
  private dueAtMs = 0;
  private latest = utilization();
  private secondAgo = this.latest;

  constructor(
    private readonly clock: Clock,
    private readonly measured: (measurement: LoopMeasurement) => void,
  ) {}

  begin(): void {
    this.latest = this.secondAgo = utilization();
    this.tickLater();
  }

  stop(): void {
    this.cancelTick();
  }

  private tickLater(): void {
    this.dueAtMs = this.clock.nowMs() + TICK_MS;
    this.cancelTick = this.clock.after(TICK_MS, () => this.tick());
  }

  private tick(): void {
    this.lagMs = Math.max(this.lagMs, this.clock.nowMs() - this.dueAtMs);
    this.ticks += 1;
    this.tickLater();
    if (this.ticks < TICKS_PER_MEASUREMENT) return;
    const now = utilization();
    const { utilization: use } = utilization(now, this.secondAgo);
    this.secondAgo = this.latest;
    this.latest = now;
    const { lagMs } = this;
    this.ticks = this.lagMs = 0;
    this.measured({ use, lagMs });
  }
}

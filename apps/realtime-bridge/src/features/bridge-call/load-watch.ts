import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Clock } from '../../domain/clock.js';
import type { Reservations } from '../../domain/reservations.js';
import { type LoopMeasurement, MAX_LAG_MS, type WorkLoad } from '../../domain/work-load.js';
import { EventLoopMeter } from '../../media/event-loop-meter.js';
import { eventLoopLagged, eventLoopLags } from '../../telemetry.js';
import type { CallsInHand } from './calls-in-hand.js';

/** A loop that lags does so for a while, and one line says it. */
const TELL_EVERY_MS = 10_000;

/** Keeps account of how much this process's event loop has to do, and of the calls that its delays have hit. */
export class LoadWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly meter: EventLoopMeter;
  private toldAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    private readonly load: WorkLoad,
    private readonly reservations: Reservations,
    private readonly calls: CallsInHand,
  ) {
    this.meter = new EventLoopMeter(clock, (measurement) => this.measured(measurement));
  }

  onApplicationBootstrap(): void {
    this.meter.begin();
  }

  onApplicationShutdown(): void {
    this.meter.stop();
  }

  measured(measurement: LoopMeasurement): void {
    const nowMs = this.clock.nowMs();
    this.load.measured(measurement, this.reservations.occupied, nowMs);
    if (measurement.lagMs <= MAX_LAG_MS) return;
    eventLoopLags();
    this.calls.lagged();
    if (nowMs - this.toldAtMs < TELL_EVERY_MS) return;
    this.toldAtMs = nowMs;
    eventLoopLagged(measurement, this.calls.count, !this.reservations.hasRoom);
  }
}

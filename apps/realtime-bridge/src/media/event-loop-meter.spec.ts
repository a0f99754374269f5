import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@tradeline/testing';
import type { LoopMeasurement } from '../domain/work-load.js';
import { EventLoopMeter } from './event-loop-meter.js';

/** A machine whose timers come late. */
class LateClock extends FakeClock {
  lateMs = 0;

  override after(delayMs: number, run: () => void): () => void {
    return super.after(delayMs + this.lateMs, run);
  }
}

describe('the event loop', () => {
  it('is measured twice a second, with the worst delay of a timer since the last time', () => {
    const clock = new LateClock();
    const measured: LoopMeasurement[] = [];
    const meter = new EventLoopMeter(clock, (measurement) => measured.push(measurement));
    meter.begin();
    clock.advance(500);
    expect(measured.map(({ lagMs }) => lagMs)).toEqual([0]);
    clock.lateMs = 300;
    clock.advance(100);
    clock.lateMs = 0;
    clock.advance(900);
    expect(measured.map(({ lagMs }) => lagMs)).toEqual([0, 300]);
    clock.advance(500);
    expect(measured.map(({ lagMs }) => lagMs)).toEqual([0, 300, 0]);
    for (const { use } of measured) {
      expect(use).toBeGreaterThanOrEqual(0);
      expect(use).toBeLessThanOrEqual(1);
    }
    meter.stop();
    expect(clock.waiting).toBe(0);
  });
});

import { describe, expect, it } from '@jest/globals';
import { LatencyProbe, type MeasuredTurn } from './latency-probe.js';

describe('the clocks of a call', () => {
  it.each([
    ['the stream is there last', 1_500, 1_200, 600],
    ['the model is there last', 1_200, 1_500, 600],
  ])('handshake counts from the webhook until both are ready: %s', (_, startedAt, readyAt, expected) => {
    const probe = new LatencyProbe(1_000, 100);
    probe.streamStarted(startedAt);
    probe.modelReady(readyAt);
    expect(probe.handshakeMs).toBe(expected);
    expect(probe.modelConnectMs).toBe(readyAt - 1_000);
  });

  it('tell what took no time from what was not measured', () => {
    const probe = new LatencyProbe(1_000, 0);
    probe.modelReady(1_000);
    probe.streamStarted(1_000);
    probe.sent('greeting', 'm1', 480, 1_000.2);
    expect([probe.handshakeMs, probe.greetingMs]).toEqual([1, 1]);
  });

  it('tell nothing of what has not happened', () => {
    const probe = new LatencyProbe(1_000, 100);
    expect([probe.handshakeMs, probe.modelConnectMs, probe.greetingMs, probe.turns]).toEqual([0, 0, 0, []]);
  });

  it('measure each turn once, first byte and heard gap apart', () => {
    const told: MeasuredTurn[] = [];
    const probe = new LatencyProbe(0, 0, (turn) => told.push(turn));
    probe.turnEnded(10_000, 9_550);
    probe.sent('i1', 'm1', 480, 10_200);
    probe.sent('i2', 'm2', 480, 10_200);
    probe.heard('m2', 10_290);
    probe.heard('m1', 10_300);
    probe.heard('m1', 10_400);
    expect(told).toEqual([{ turn: 1, firstByteMs: 200, heardGapMs: 690 }]);
  });

  it('keep a turn whose mark never came, without a heard gap', () => {
    const probe = new LatencyProbe(0, 0);
    probe.turnEnded(100, 50);
    probe.sent('i1', 'm1', 480, 300);
    probe.turnEnded(1_000, 900);
    probe.sent('i9', 'm9', 480, 1_100);
    probe.close();
    expect(probe.turns).toEqual([
      { turn: 1, firstByteMs: 200, heardGapMs: 0 },
      { turn: 2, firstByteMs: 100, heardGapMs: 0 },
    ]);
  });

  it('do not take the rest of what was being said for the answer', () => {
    const probe = new LatencyProbe(0, 0);
    probe.sent('greeting', 'm1', 480, 9_900);
    probe.turnEnded(10_000, 9_550);
    probe.sent('greeting', 'm2', 480, 10_010);
    probe.heard('m2', 10_300);
    probe.sent('answer', 'm3', 480, 10_700);
    probe.heard('m3', 10_960);
    expect(probe.turns).toEqual([{ turn: 1, firstByteMs: 700, heardGapMs: 1_350 }]);
  });

  it('mark a turn whose wait was filled, and measure its answer', () => {
    const probe = new LatencyProbe(0, 0);
    probe.turnEnded(100, 50);
    probe.waitWasFilled();
    probe.sent('answer1', 'm1', 480, 1_300);
    probe.turnEnded(2_000, 1_900);
    probe.sent('answer2', 'm2', 480, 2_200);
    probe.close();
    expect(probe.turns).toEqual([
      { turn: 1, firstByteMs: 1_200, heardGapMs: 0, filler: true },
      { turn: 2, firstByteMs: 200, heardGapMs: 0 },
    ]);
  });

  it('do not measure a turn that the caller went on with', () => {
    const probe = new LatencyProbe(0, 0);
    probe.turnEnded(100, 50);
    probe.turnOverruled();
    probe.sent('i1', 'm1', 480, 300);
    probe.close();
    expect(probe.turns).toEqual([]);
  });
});

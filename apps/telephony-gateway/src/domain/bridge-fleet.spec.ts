import { describe, expect, it } from '@jest/globals';
import { instanceOf, runOf } from './bridge-run.js';
import { BridgeFleet, DEAD_AFTER_MS, type Heartbeat } from './bridge-fleet.js';

const heartbeat = (change: Partial<Heartbeat> & { instance: string }): Heartbeat => ({
  activeCalls: 0,
  capacity: 10,
  draining: false,
  eventLoopUse: 0,
  full: false,
  ...change,
});

const fleetOf = (...bridges: (Partial<Heartbeat> & { instance: string })[]): BridgeFleet => {
  const fleet = new BridgeFleet();
  for (const bridge of bridges) fleet.heard(heartbeat(bridge), 0);
  return fleet;
};

describe('the fleet of bridges', () => {
  it('offers the least loaded first, by share of its capacity', () => {
    const fleet = fleetOf(
      { instance: 'a', activeCalls: 5 },
      { instance: 'b', activeCalls: 6, capacity: 100 },
      { instance: 'c', activeCalls: 1 },
    );
    expect(fleet.withRoom(0)).toEqual(['b', 'c', 'a']);
  });

  it('takes a bridge for as loaded as the scarcer of its places and its event loop', () => {
    const fleet = fleetOf(
      { instance: 'a', activeCalls: 40, capacity: 400, eventLoopUse: 0.6 },
      { instance: 'b', activeCalls: 200, capacity: 400, eventLoopUse: 0.3 },
      { instance: 'c', activeCalls: 10, capacity: 400, eventLoopUse: 0.55 },
    );
    expect(fleet.withRoom(0)).toEqual(['b', 'c', 'a']);
  });

  it('leaves it to a bridge how much work is too much', () => {
    expect(fleetOf({ instance: 'a', eventLoopUse: 1 }).withRoom(0)).toEqual(['a']);
  });

  it('goes by calls alone while nobody uses more than half of a core', () => {
    const fleet = fleetOf(
      { instance: 'starting', activeCalls: 0, capacity: 400, eventLoopUse: 0.45 },
      { instance: 'calm', activeCalls: 1, capacity: 400, eventLoopUse: 0.05 },
    );
    expect(fleet.withRoom(0)).toEqual(['starting', 'calm']);
  });

  it('spreads what comes between two heartbeats over bridges that work alike', () => {
    const fleet = fleetOf(
      { instance: 'a', capacity: 100, eventLoopUse: 0.6 },
      { instance: 'b', capacity: 100, eventLoopUse: 0.61 },
    );
    fleet.gave('a');
    fleet.gave('a');
    expect(fleet.withRoom(0)).toEqual(['b', 'a']);
  });

  it('offers none that is full, draining, without capacity or silent', () => {
    const fleet = fleetOf(
      { instance: 'full', activeCalls: 10 },
      { instance: 'overworked', full: true },
      { instance: 'draining', draining: true },
      { instance: 'none', capacity: 0 },
      { instance: 'silent' },
    );
    fleet.heard(heartbeat({ instance: 'a', capacity: 1 }), DEAD_AFTER_MS);
    expect(fleet.withRoom(DEAD_AFTER_MS + 1)).toEqual(['a']);
  });

  it('counts the places it gave until the next heartbeat counts them', () => {
    const fleet = fleetOf({ instance: 'a', capacity: 2 }, { instance: 'b', capacity: 2 });
    fleet.gave('a');
    expect(fleet.withRoom(0)).toEqual(['b', 'a']);
    fleet.gave('a');
    expect(fleet.withRoom(0)).toEqual(['b']);
    fleet.heard(heartbeat({ instance: 'a', activeCalls: 1, capacity: 2 }), 0);
    expect(fleet.withRoom(0)).toEqual(['b', 'a']);
  });

  it('names a bridge dead after three missed heartbeats, once, and takes it back when it is heard again', () => {
    const fleet = fleetOf({ instance: 'a' });
    expect(fleet.takeDead(DEAD_AFTER_MS)).toEqual([]);
    expect(fleet.takeDead(DEAD_AFTER_MS + 1)).toEqual(['a']);
    expect(fleet.takeDead(DEAD_AFTER_MS + 2)).toEqual([]);
    fleet.heard(heartbeat({ instance: 'a', capacity: 1 }), DEAD_AFTER_MS + 3);
    expect(fleet.isAlive('a', DEAD_AFTER_MS + 3)).toBe(true);
  });

  it('takes a bridge that was started again for another one, and its former run for dead', () => {
    const [before, after] = [runOf('a', 1_000), runOf('a', 2_000)];
    const fleet = fleetOf({ instance: before }, { instance: 'b' });
    fleet.heard(heartbeat({ instance: after, capacity: 10 }), 1);
    expect(fleet.isAlive(before, 1)).toBe(false);
    expect(fleet.wasStartedAgain(before)).toBe(true);
    expect(fleet.wasStartedAgain(after)).toBe(false);
    expect(fleet.takeDead(1)).toEqual([before]);
    expect(fleet.withRoom(1)).toEqual([after, 'b']);
    expect(instanceOf(after)).toBe('a');
  });

  it('counts a silence anew in which nobody could be heard', () => {
    const fleet = fleetOf({ instance: 'a' });
    expect(fleet.hasSuspects(DEAD_AFTER_MS / 2)).toBe(false);
    expect(fleet.hasSuspects(DEAD_AFTER_MS)).toBe(true);
    fleet.excuseSilence(DEAD_AFTER_MS);
    expect(fleet.hasSuspects(DEAD_AFTER_MS)).toBe(false);
    expect(fleet.takeDead(2 * DEAD_AFTER_MS)).toEqual([]);
    expect(fleet.takeDead(2 * DEAD_AFTER_MS + 1)).toEqual(['a']);
  });
});

import { instanceOf } from './bridge-run.js';

/** Bridges tell their load twice a second. */
export const HEARTBEAT_INTERVAL_MS = 500;

/** Three missed in a row: one may be lost, and a bridge that pauses for its garbage is not dead. */
export const DEAD_AFTER_MS = 3 * HEARTBEAT_INTERVAL_MS;

/** From here on a silence is looked into: it may be the bus that is silent. */
const SUSPECT_AFTER_MS = 2.5 * HEARTBEAT_INTERVAL_MS;

export interface Heartbeat {
  /** Names this run of it, see `runOf`. */
  readonly instance: string;
  readonly activeCalls: number;
  readonly capacity: number;
  readonly draining: boolean;
  /** Share of a core that its event loop uses, 0 to 1. */
  readonly eventLoopUse: number;
  /** It would refuse, for whatever reason. */
  readonly full: boolean;
}

interface Bridge extends Heartbeat {
  readonly heardAtMs: number;
  /** Places given away since the last heartbeat, which that heartbeat could not count. */
  given: number;
}

/** The bridges we have heard of, and which of them has room. Times are of a monotonic clock, in milliseconds. */
export class BridgeFleet {
  private readonly bridges = new Map<string, Bridge>();
  /** Runs that another run of their instance has followed, and that were not named dead yet. */
  private readonly replaced: string[] = [];

  /** A bridge that has been started again proves by its first heartbeat that its former run is dead. */
  heard(heartbeat: Heartbeat, nowMs: number): void {
    if (!this.bridges.has(heartbeat.instance)) {
      for (const run of this.otherRunsOf(heartbeat.instance)) {
        this.bridges.delete(run);
        this.replaced.push(run);
      }
    }
    this.bridges.set(heartbeat.instance, { ...heartbeat, heardAtMs: nowMs, given: 0 });
  }

  /** Instances that can take a call, the least loaded first. */
  withRoom(nowMs: number): string[] {
    return [...this.bridges.values()]
      .filter((bridge) => isAlive(bridge, nowMs) && !bridge.draining && hasRoom(bridge))
      .sort((a, b) => load(a) - load(b) || a.given - b.given || a.instance.localeCompare(b.instance))
      .map(({ instance }) => instance);
  }

  /** Counts a place until the bridge's next heartbeat counts it itself. */
  gave(instance: string): void {
    const bridge = this.bridges.get(instance);
    if (bridge) bridge.given += 1;
  }

  isAlive(instance: string, nowMs: number): boolean {
    const bridge = this.bridges.get(instance);
    return bridge !== undefined && isAlive(bridge, nowMs);
  }

  /** True when the instance has been started again since this run of it. */
  wasStartedAgain(run: string): boolean {
    return this.otherRunsOf(run).length > 0;
  }

  /** True when the last that was heard of it is that it gives its calls away. */
  isDraining(instance: string): boolean {
    return this.bridges.get(instance)?.draining ?? false;
  }

  /** Forgets the bridges that have fallen silent and names them, each once. */
  takeDead(nowMs: number): string[] {
    const dead = [...this.bridges.values()].filter((bridge) => !isAlive(bridge, nowMs));
    for (const { instance } of dead) this.bridges.delete(instance);
    return [...dead.map(({ instance }) => instance), ...this.takeReplaced()];
  }

  /** Names the runs that another run of their instance has followed, each once. */
  takeReplaced(): string[] {
    return this.replaced.splice(0);
  }

  /** True when a bridge has been silent for so long that it may be dead soon. */
  hasSuspects(nowMs: number): boolean {
    return [...this.bridges.values()].some((bridge) => nowMs - bridge.heardAtMs > SUSPECT_AFTER_MS);
  }

  /** Nobody could be heard: each silence is counted anew. */
  excuseSilence(nowMs: number): void {
    for (const [run, bridge] of this.bridges) this.bridges.set(run, { ...bridge, heardAtMs: nowMs });
  }

  private otherRunsOf(run: string): string[] {
    return [...this.bridges.keys()].filter((known) => known !== run && instanceOf(known) === instanceOf(run));
  }
}

const isAlive = (bridge: Bridge, nowMs: number): boolean => nowMs - bridge.heardAtMs <= DEAD_AFTER_MS;

const hasRoom = ({ activeCalls, given, capacity, full }: Bridge): boolean =>
  !full && activeCalls + given < capacity;

/** Up to here a bridge that has just started, or collects its garbage, looks busier than one that carries calls. */
const CALM_USE = 0.5;

/** By what is scarcer, places or work; a place given since the heartbeat counts with its share of all places. */
const load = ({ activeCalls, given, capacity, eventLoopUse }: Bridge): number =>
  Math.max(activeCalls / capacity, eventLoopUse > CALM_USE ? eventLoopUse : 0) + given / capacity;

import { timestampMs } from '@bufbuild/protobuf/wkt';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Presence } from '@tradeline/messaging';
import { log } from '@tradeline/service-runtime';
import { BridgeFleet, DEAD_AFTER_MS, HEARTBEAT_INTERVAL_MS } from '../../domain/bridge-fleet.js';
import { runOf } from '../../domain/bridge-run.js';

/** How finely death is noticed: half a heartbeat. */
const LOOK_EVERY_MS = HEARTBEAT_INTERVAL_MS / 2;

/** Hears the bridges' heartbeats and tells who has fallen silent. */
@Injectable()
export class BridgeWatch implements OnApplicationBootstrap, OnModuleDestroy {
  readonly fleet = new BridgeFleet();
  private readonly onDeath: ((instance: string) => void)[] = [];
  private readonly awaiting = new Map<string, Set<(alive: boolean) => void>>();
  private stopHearing: () => void = () => undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly presence: Presence) {}

  onApplicationBootstrap(): void {
    this.stopHearing = this.presence.hear(({ instance, startedAt, activeCalls, capacity, draining }) => {
      const run = runOf(instance, startedAt && timestampMs(startedAt));
      this.fleet.heard({ instance: run, activeCalls, capacity, draining }, performance.now());
      this.settle(run, true);
      this.look();
    });
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  onModuleDestroy(): void {
    this.stopHearing();
    clearInterval(this.timer);
  }

  whenBridgeDies(tell: (instance: string) => void): void {
    this.onDeath.push(tell);
  }

  /**
   * Whether the bridge still lives, by its next heartbeat: what it said before now proves nothing about a socket
   * that has just closed. Resolves within half a second for a living one, in DEAD_AFTER_MS for a dead one.
   */
  async isStillThere(instance: string): Promise<boolean> {
    if (this.fleet.wasStartedAgain(instance)) return false;
    const waiting = this.awaiting.get(instance) ?? new Set();
    this.awaiting.set(instance, waiting);
    return new Promise((resolve) => {
      const settle = (alive: boolean): void => {
        clearTimeout(timeout);
        waiting.delete(settle);
        if (waiting.size === 0) this.awaiting.delete(instance);
        resolve(alive);
      };
      const timeout = setTimeout(() => settle(false), DEAD_AFTER_MS);
      waiting.add(settle);
    });
  }

  private settle(instance: string, alive: boolean): void {
    for (const settle of [...(this.awaiting.get(instance) ?? [])]) settle(alive);
  }

  private look(): void {
    for (const instance of this.fleet.takeDead(performance.now())) {
      log.warn('bridge_fell_silent', { bridge: instance });
      this.settle(instance, false);
      for (const tell of this.onDeath) tell(instance);
    }
  }
}

import { timestampMs } from '@bufbuild/protobuf/wkt';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Presence } from '@tradeline/messaging';
import { log } from '@tradeline/service-runtime';
import { BridgeFleet, DEAD_AFTER_MS, HEARTBEAT_INTERVAL_MS } from '../../domain/bridge-fleet.js';
import { runOf } from '../../domain/bridge-run.js';

/** How finely death is noticed: half a heartbeat. */
const LOOK_EVERY_MS = HEARTBEAT_INTERVAL_MS / 2;

/** A bus that takes longer for a ping cannot be relied on to carry heartbeats; shorter than the time to the next look. */
const BUS_ANSWERS_WITHIN_MS = 200;

/** Hears the bridges' heartbeats and tells who has fallen silent. */
@Injectable()
export class BridgeWatch implements OnApplicationBootstrap, OnModuleDestroy {
  readonly fleet = new BridgeFleet();
  private readonly onDeath: ((instance: string) => void)[] = [];
  private readonly awaiting = new Map<string, Set<(alive: boolean) => void>>();
  private stopHearing: () => void = () => undefined;
  private timer: NodeJS.Timeout | undefined;
  /** The bus answered at the last look, and somebody was silent all the same. */
  private busCarriesSilence = false;

  constructor(private readonly presence: Presence) {}

  onApplicationBootstrap(): void {
    this.stopHearing = this.presence.hear(({ instance, startedAt, ...heartbeat }) => {
      const { activeCalls, capacity, draining, eventLoopUse, full } = heartbeat;
      const run = runOf(instance, startedAt && timestampMs(startedAt));
      this.fleet.heard(
        { instance: run, activeCalls, capacity, draining, eventLoopUse, full },
        performance.now(),
      );
      this.settle(run, true);
      this.tellDeaths(this.fleet.takeReplaced());
    });
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
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
   * that has just closed. Resolves within half a second for a living one, in DEAD_AFTER_MS for a dead one. While the
   * bus is away it counts as living: a stream that ends then has most likely ended as streams do.
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
      const timeout = setTimeout(
        () => void this.busAnswers().then((answers) => settle(!answers)),
        DEAD_AFTER_MS,
      );
      waiting.add(settle);
    });
  }

  private settle(instance: string, alive: boolean): void {
    for (const settle of [...(this.awaiting.get(instance) ?? [])]) settle(alive);
  }

  /**
   * A bus that pauses silences every bridge, and their calls are well: they must not be redirected. So a bridge is dead
   * only when the bus answered us twice during its silence, and between the two there was time for a heartbeat on its way.
   */
  private async look(): Promise<void> {
    const lookedAtMs = performance.now();
    if (!this.fleet.hasSuspects(lookedAtMs)) {
      this.busCarriesSilence = false;
      return;
    }
    const answers = await this.busAnswers();
    if (!answers) this.fleet.excuseSilence(performance.now());
    else if (this.busCarriesSilence) this.tellDeaths(this.fleet.takeDead(lookedAtMs));
    this.busCarriesSilence = answers;
  }

  private busAnswers(): Promise<boolean> {
    return this.presence.isBusAnswering(BUS_ANSWERS_WITHIN_MS);
  }

  private tellDeaths(runs: readonly string[]): void {
    for (const run of runs) {
      log.warn('bridge_fell_silent', { bridge: run });
      this.settle(run, false);
      for (const tell of this.onDeath) tell(run);
    }
  }
}

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Presence } from '@tradeline/messaging';
import { Runtime } from '@tradeline/service-runtime';
import { BridgeSettings } from '../../bridge-settings.js';
import { Reservations } from '../../domain/reservations.js';
import { WorkLoad } from '../../domain/work-load.js';

/** Tells twice a second that this bridge lives and how loaded it is: the gateway reserves by it, and takes three missed ones for death. */
@Injectable()
export class TellPresence implements OnApplicationShutdown {
  private stop: () => void = () => undefined;

  constructor(
    private readonly presence: Presence,
    private readonly reservations: Reservations,
    private readonly load: WorkLoad,
    private readonly settings: BridgeSettings,
    private readonly runtime: Runtime,
  ) {}

  /** To be called when reservations are answered: a gateway may send a stranded caller here the moment it hears of us. */
  begin(): void {
    this.stop = this.presence.tell(() => ({
      instance: this.settings.instance,
      activeCalls: this.reservations.occupied,
      capacity: this.settings.capacity,
      draining: this.runtime.draining,
      eventLoopUse: Math.min(1, this.load.expectedUse),
      full: !this.reservations.hasRoom,
      startedAt: timestampFromMs(Math.round(performance.timeOrigin)),
    }));
  }

  onApplicationShutdown(): void {
    this.stop();
  }
}

import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { Injectable } from '@nestjs/common';
import { BridgeHeartbeatSchema, presenceSubject, type BridgeHeartbeat } from '@tradeline/contracts';
import { log } from '@tradeline/service-runtime';
import { Bus } from '../bus/bus.js';

/** Twice a second: three missed ones and a bridge is taken for dead. */
export const HEARTBEAT_INTERVAL_MS = 500;

/** Heartbeats of bridges, on plain NATS: an old one is worth nothing, so none is stored. */
@Injectable()
export class Presence {
  constructor(private readonly bus: Bus) {}

  /** Tells `state()` at once and twice a second; instance and time are filled in. @returns how to stop. */
  tell(state: () => MessageInitShape<typeof BridgeHeartbeatSchema>): () => void {
    const beat = (): void => {
      // A process that goes away closes its connection while the last heartbeats are still due.
      if (!this.bus.connected || this.bus.connection.isDraining()) return;
      const heartbeat = create(BridgeHeartbeatSchema, {
        ...state(),
        instance: this.bus.instance,
        sentAt: timestampNow(),
      });
      this.bus.connection.publish(
        presenceSubject(this.bus.instance),
        toBinary(BridgeHeartbeatSchema, heartbeat),
      );
    };
    beat();
    const timer = setInterval(beat, HEARTBEAT_INTERVAL_MS);
    return () => clearInterval(timer);
  }

  /** @returns how to stop. */
  hear(heard: (heartbeat: BridgeHeartbeat) => void): () => void {
    const subscription = this.bus.connection.subscribe(presenceSubject('*'), {
      callback: (error, message) => {
        if (error) return log.error('presence_refused', { reason: error.message });
        try {
          heard(fromBinary(BridgeHeartbeatSchema, message.data));
        } catch (failure) {
          log.error('heartbeat_unusable', {
            reason: failure instanceof Error ? failure.message : String(failure),
          });
        }
      },
    });
    return () => subscription.unsubscribe();
  }

  /** Whether the bus answers within so many milliseconds. While it does not, nobody's silence means anything. */
  async isBusAnswering(withinMs: number): Promise<boolean> {
    if (!this.bus.connected) return false;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), withinMs);
    });
    const answered = this.bus.connection.rtt().then(
      () => true,
      () => false,
    );
    return Promise.race([answered, late]).finally(() => clearTimeout(timer));
  }
}

import { fromBinary, type DescMessage, type Message } from '@bufbuild/protobuf';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import { Injectable } from '@nestjs/common';
import type { Msg } from '@nats-io/transport-node';
import { anyTenant, type EventMeta } from '@tradeline/contracts';
import { log } from '@tradeline/service-runtime';
import { Bus } from '../bus/bus.js';

export interface LiveEvent {
  /** The protobuf type name, e.g. "calls.v1.CallEnded". */
  readonly type: string;
  /** The event's id. */
  readonly id: string;
  readonly schema: DescMessage;
  readonly message: Message;
  readonly occurredAt: Date;
}

type Watcher = (event: LiveEvent) => void;

/**
 * Shows a tenant's events as they happen. Nothing is owed here: who was not watching has missed it, and asks the
 * owner of the data. One subscription per event serves all watchers.
 */
@Injectable()
export class LiveEvents {
  readonly #watchers = new Map<string, Set<Watcher>>();
  #subscribed = false;

  constructor(private readonly bus: Bus) {}

  /** @returns how to stop watching. */
  watch(tenantId: string, watcher: Watcher): () => void {
    this.#subscribe();
    const watchers = this.#watchers.get(tenantId) ?? new Set();
    this.#watchers.set(tenantId, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0 && this.#watchers.get(tenantId) === watchers) this.#watchers.delete(tenantId);
    };
  }

  /** Resolves when the server knows what is watched: what happens after it is shown. */
  async ready(): Promise<void> {
    await this.bus.connection.flush();
  }

  #subscribe(): void {
    if (this.#subscribed) return;
    this.#subscribed = true;
    for (const schema of this.bus.role.watches) {
      this.bus.connection.subscribe(anyTenant(schema), {
        callback: (error, message) => {
          if (error) log.error('live_events_refused', { event: schema.typeName, reason: error.message });
          else this.#show(schema, message);
        },
      });
    }
  }

  #show(schema: DescMessage, message: Msg): void {
    const tenantId = message.subject.split('.').at(-1) ?? '';
    const watchers = this.#watchers.get(tenantId);
    if (!watchers) return;
    try {
      const event = fromBinary(schema, message.data);
      const meta = (event as Message & { meta?: EventMeta }).meta;
      if (!meta?.occurredAt || meta.tenantId !== tenantId) return;
      const live = {
        type: schema.typeName,
        id: meta.eventId,
        schema,
        message: event,
        occurredAt: timestampDate(meta.occurredAt),
      };
      for (const watcher of watchers) watcher(live);
    } catch (error) {
      log.error('live_event_unusable', {
        subject: message.subject,
        reason: error instanceof Error ? error.message : String(error),
      });
    }
  }
}

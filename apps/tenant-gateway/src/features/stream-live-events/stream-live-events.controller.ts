import { toJson } from '@bufbuild/protobuf';
import { Controller, Req, Res, type OnModuleInit } from '@nestjs/common';
import { eventName } from '@tradeline/contracts';
import { LiveEvents, type LiveEvent } from '@tradeline/messaging';
import { Runtime } from '@tradeline/service-runtime';
import type { Request, Response } from 'express';
import type { Caller } from '../../domain/caller.js';
import { KeyHolders } from '../../domain/key-holders.js';
import { tooMany } from '../../http/problems.js';
import { route, type Input } from '../../http/route.js';
import { Serve } from '../../http/serve.decorator.js';
import { liveConnectionCutOff } from '../../telemetry.js';
import { LiveConnection } from './live-connection.js';

const MAX_PER_TENANT = 50;

export const streamEvents = route({
  method: 'get',
  path: '/v1/events',
  tag: 'events',
  summary: 'Follow what happens, live',
  description:
    'Server-sent events. "event" is the name of what happened, e.g. calls.v1.call-ended, "id" its id, "data" its content as JSON. ' +
    'What happens while nobody listens is not sent later: read it by the other endpoints. A comment comes every 15 seconds; ' +
    'a reader that does not keep up is cut off.',
  needs: 'events:read',
  responseType: 'text/event-stream',
});

@Controller()
export class StreamLiveEventsController implements OnModuleInit {
  readonly #connections = new Map<LiveConnection, string>();

  constructor(
    private readonly events: LiveEvents,
    private readonly holders: KeyHolders,
    private readonly runtime: Runtime,
  ) {}

  onModuleInit(): void {
    // An open stream would otherwise keep the process from stopping; readers connect again, to another one.
    this.runtime.onDrain('live-events', () => this.#closeAll());
  }

  @Serve(streamEvents)
  async stream(
    { caller }: Input<typeof streamEvents>,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    if (
      [...this.#connections.values()].filter((tenantId) => tenantId === caller.tenantId).length >=
      MAX_PER_TENANT
    ) {
      throw tooMany(30);
    }
    const backlog: LiveEvent[] = [];
    let show: (event: LiveEvent) => void = (event) => backlog.push(event);
    const stopWatching = this.events.watch(caller.tenantId, (event) => show(event));
    // Whoever sees "connected" misses nothing from then on.
    await this.events.ready();
    const connection = new LiveConnection(response, {
      stillWelcome: () => this.#isWelcome(caller, request.get('Authorization') ?? ''),
      onCutOff: () => liveConnectionCutOff(caller.tenantId),
      onClose: () => {
        stopWatching();
        this.#connections.delete(connection);
      },
    });
    this.#connections.set(connection, caller.tenantId);
    show = (event) => connection.send(shown(event));
    backlog.forEach((event) => show(event));
  }

  async #isWelcome({ tenantId }: Caller, authorization: string): Promise<boolean> {
    const holder = await this.holders.byKey(authorization.replace(/^Bearer /i, ''));
    return holder?.tenantId === tenantId && holder.scopes.includes('events:read');
  }

  #closeAll(): void {
    for (const connection of this.#connections.keys()) connection.close();
  }
}

const shown = ({ id, schema, message, occurredAt }: LiveEvent) => ({
  id,
  type: eventName(schema),
  data: {
    id,
    occurredAt: occurredAt.toISOString(),
    ...(toJson(schema, message) as Record<string, unknown>),
    meta: undefined,
  },
});

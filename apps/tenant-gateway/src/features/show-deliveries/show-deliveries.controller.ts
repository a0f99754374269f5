import { Controller } from '@nestjs/common';
import {
  ListDeliveriesRequestSchema,
  ListDeliveriesResponseSchema,
  ReplayDeliveryRequestSchema,
  ReplayDeliveryResponseSchema,
} from '@tradeline/contracts';
import { RpcClient, RpcRefused } from '@tradeline/messaging';
import { z } from 'zod';
import { orProblem } from '../../http/messages.js';
import { conflict, notFound } from '../../http/problems.js';
import { route, type Input, type Output } from '../../http/route.js';
import { Serve } from '../../http/serve.decorator.js';
import { id, page, pageQuery } from '../../http/shapes.js';
import { delivery, showDelivery } from '../../http/shown/delivery.js';

export const listDeliveries = route({
  method: 'get',
  path: '/v1/deliveries',
  tag: 'deliveries',
  summary: 'List what left the house, and what is still owed',
  needs: 'deliveries:read',
  query: pageQuery.extend({ callId: id('ca', 'call').optional() }),
  response: page(delivery),
  problems: [503],
});

export const replayDelivery = route({
  method: 'post',
  path: '/v1/deliveries/{id}/replay',
  tag: 'deliveries',
  summary: 'Try a failed or unknown delivery once more',
  needs: 'deliveries:write',
  params: z.object({ id: id('dl', 'delivery') }),
  response: delivery,
  status: 202,
  problems: [404, 409, 503],
});

@Controller()
export class ShowDeliveriesController {
  constructor(private readonly rpc: RpcClient) {}

  @Serve(listDeliveries)
  async list({ caller, query }: Input<typeof listDeliveries>): Promise<Output<typeof listDeliveries>> {
    const { limit, cursor = '', callId = '' } = query;
    const init = { tenantId: caller.tenantId, limit, cursor, callId };
    const asking = this.rpc.ask(ListDeliveriesRequestSchema, ListDeliveriesResponseSchema, init);
    const { deliveries, nextCursor } = await orProblem(asking, 'delivery');
    return { items: deliveries.map(showDelivery), nextCursor: nextCursor || null };
  }

  @Serve(replayDelivery)
  async replay({ caller, params }: Input<typeof replayDelivery>): Promise<Output<typeof replayDelivery>> {
    const init = { tenantId: caller.tenantId, deliveryId: params.id };
    const asking = this.rpc
      .ask(ReplayDeliveryRequestSchema, ReplayDeliveryResponseSchema, init)
      .catch((error: unknown) => {
        // What is owed or delivered cannot be replayed: the request is right, the delivery is not in the state for it.
        throw error instanceof RpcRefused && error.code === 'invalid' ? conflict(error.message) : error;
      });
    const replayed = (await orProblem(asking, 'delivery')).delivery;
    if (!replayed) throw notFound('delivery');
    return showDelivery(replayed);
  }
}

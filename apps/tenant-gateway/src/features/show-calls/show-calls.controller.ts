import { Controller } from '@nestjs/common';
import { ListCallsRequestSchema, ListCallsResponseSchema } from '@tradeline/contracts';
import { RpcClient } from '@tradeline/messaging';
import { z } from 'zod';
import { orProblem } from '../../http/messages.js';
import { route, type Input, type Output } from '../../http/route.js';
import { Serve } from '../../http/serve.decorator.js';
import { id, page, pageQuery } from '../../http/shapes.js';
import { call, showCall } from './call-shapes.js';
import { callDetail, ShowCall } from './show-call.js';

export const listCalls = route({
  method: 'get',
  path: '/v1/calls',
  tag: 'calls',
  summary: 'List calls',
  needs: 'calls:read',
  query: pageQuery,
  response: page(call),
  problems: [503],
});

export const getCall = route({
  method: 'get',
  path: '/v1/calls/{id}',
  tag: 'calls',
  summary: 'Read one call with everything that is known of it',
  description:
    'With transcript, captured fields, verdict, lead, timings and deliveries. What is not there yet is null.',
  needs: 'calls:read',
  params: z.object({ id: id('ca', 'call') }),
  response: callDetail,
  problems: [404],
});

@Controller()
export class ShowCallsController {
  constructor(
    private readonly rpc: RpcClient,
    private readonly showCall: ShowCall,
  ) {}

  @Serve(listCalls)
  async list({ caller, query }: Input<typeof listCalls>): Promise<Output<typeof listCalls>> {
    const { limit, cursor = '' } = query;
    const asking = this.rpc.ask(ListCallsRequestSchema, ListCallsResponseSchema, {
      tenantId: caller.tenantId,
      limit,
      cursor,
    });
    const { calls, nextCursor } = await orProblem(asking, 'call');
    return { items: calls.map(showCall), nextCursor: nextCursor || null };
  }

  @Serve(getCall)
  get({ caller, params }: Input<typeof getCall>): Promise<Output<typeof getCall>> {
    return this.showCall.show(caller.tenantId, params.id);
  }
}

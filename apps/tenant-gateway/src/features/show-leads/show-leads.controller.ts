import { Controller } from '@nestjs/common';
import {
  GetLeadRequestSchema,
  GetLeadResponseSchema,
  LeadState,
  ListLeadsRequestSchema,
  ListLeadsResponseSchema,
} from '@tradeline/contracts';
import { RpcClient } from '@tradeline/messaging';
import { z } from 'zod';
import { orProblem } from '../../http/messages.js';
import { notFound } from '../../http/problems.js';
import { route, type Input, type Output } from '../../http/route.js';
import { Serve } from '../../http/serve.decorator.js';
import { id, page, pageQuery } from '../../http/shapes.js';
import { lead, showLead } from '../../http/shown/lead.js';

const STATES = { qualified: LeadState.QUALIFIED, dismissed: LeadState.DISMISSED };

export const listLeads = route({
  method: 'get',
  path: '/v1/leads',
  tag: 'leads',
  summary: 'List leads',
  needs: 'leads:read',
  query: pageQuery.extend({
    state: z
      .enum(['qualified', 'dismissed'], 'Must be qualified or dismissed')
      .optional()
      .meta({ description: 'Absent for all' }),
  }),
  response: page(lead),
  problems: [503],
});

export const getLead = route({
  method: 'get',
  path: '/v1/leads/{id}',
  tag: 'leads',
  summary: 'Read one lead',
  needs: 'leads:read',
  params: z.object({ id: id('ld', 'lead') }),
  response: lead,
  problems: [404, 503],
});

@Controller()
export class ShowLeadsController {
  constructor(private readonly rpc: RpcClient) {}

  @Serve(listLeads)
  async list({ caller, query }: Input<typeof listLeads>): Promise<Output<typeof listLeads>> {
    const { limit, cursor = '', state } = query;
    const init = {
      tenantId: caller.tenantId,
      limit,
      cursor,
      state: state ? STATES[state] : LeadState.UNSPECIFIED,
    };
    const { leads, nextCursor } = await orProblem(
      this.rpc.ask(ListLeadsRequestSchema, ListLeadsResponseSchema, init),
      'lead',
    );
    return { items: leads.map(showLead), nextCursor: nextCursor || null };
  }

  @Serve(getLead)
  async get({ caller, params }: Input<typeof getLead>): Promise<Output<typeof getLead>> {
    const init = { tenantId: caller.tenantId, leadId: params.id };
    const found = (await orProblem(this.rpc.ask(GetLeadRequestSchema, GetLeadResponseSchema, init), 'lead'))
      .lead;
    if (!found) throw notFound('lead');
    return showLead(found);
  }
}

import { Controller } from '@nestjs/common';
import {
  ListConnectionsRequestSchema,
  ListConnectionsResponseSchema,
  PutConnectionRequestSchema,
  PutConnectionResponseSchema,
  type Connection,
} from '@tradeline/contracts';
import { RpcClient, RpcRefused } from '@tradeline/messaging';
import { z } from 'zod';
import { orProblem } from '../../http/messages.js';
import { badRequest, notFound } from '../../http/problems.js';
import { route, type Input, type Output } from '../../http/route.js';
import { Serve } from '../../http/serve.decorator.js';

const target = z.enum(['hubspot', 'webhook'], 'Must be hubspot or webhook');

const connection = z
  .object({
    target: z.string(),
    enabled: z.boolean(),
    url: z.string().nullable().meta({ description: 'Where the webhook goes; null for a CRM' }),
  })
  .meta({ id: 'Connection', description: 'The secret is stored encrypted and never read back.' });

const change = z
  .strictObject({
    secret: z
      .string()
      .min(8, 'Must have at least 8 characters')
      .max(500)
      .meta({ description: 'HubSpot: the token of a private app. Webhook: the signing secret, "whsec_..."' }),
    url: z
      .url({ protocol: /^https?$/, error: 'Must be an http(s) address' })
      .max(2_000)
      .optional(),
    enabled: z.boolean().default(true),
  })
  .meta({ example: { secret: 'the-token-of-a-private-app', enabled: true } });

export const listConnections = route({
  method: 'get',
  path: '/v1/connections',
  tag: 'settings',
  summary: 'List the connections to CRMs and webhooks',
  needs: 'settings:read',
  response: z.object({ items: z.array(connection) }),
  problems: [503],
});

export const getConnection = route({
  method: 'get',
  path: '/v1/connections/{target}',
  tag: 'settings',
  summary: 'Read one connection',
  needs: 'settings:read',
  params: z.object({ target }),
  response: connection,
  problems: [404, 503],
});

export const putConnection = route({
  method: 'put',
  path: '/v1/connections/{target}',
  tag: 'settings',
  summary: 'Give or replace a connection',
  needs: 'settings:write',
  params: z.object({ target }),
  body: change,
  response: connection,
  problems: [503],
});

const shown = ({ target, enabled, url }: Connection): z.input<typeof connection> => ({
  target,
  enabled,
  url: url || null,
});

@Controller()
export class ManageConnectionsController {
  constructor(private readonly rpc: RpcClient) {}

  @Serve(listConnections)
  async list({ caller }: Input<typeof listConnections>): Promise<Output<typeof listConnections>> {
    return { items: (await this.#all(caller.tenantId)).map(shown) };
  }

  @Serve(getConnection)
  async get({ caller, params }: Input<typeof getConnection>): Promise<Output<typeof getConnection>> {
    const found = (await this.#all(caller.tenantId)).find(
      (connection) => connection.target === params.target,
    );
    if (!found) throw notFound('connection');
    return shown(found);
  }

  @Serve(putConnection)
  async put({ caller, params, body }: Input<typeof putConnection>): Promise<Output<typeof putConnection>> {
    if (params.target === 'webhook' && body.url === undefined) {
      throw badRequest([{ field: 'body.url', message: 'A webhook needs the address that it goes to.' }]);
    }
    const init = { tenantId: caller.tenantId, target: params.target, ...body, url: body.url ?? '' };
    const asking = this.rpc
      .ask(PutConnectionRequestSchema, PutConnectionResponseSchema, init)
      .catch((error: unknown) => {
        const invalid = error instanceof RpcRefused && error.code === 'invalid';
        throw invalid ? badRequest([{ field: 'body', message: error.message }]) : error;
      });
    const { enabled } = await orProblem(asking, 'connection');
    return { target: params.target, enabled, url: body.url ?? null };
  }

  async #all(tenantId: string): Promise<Connection[]> {
    const asking = this.rpc.ask(ListConnectionsRequestSchema, ListConnectionsResponseSchema, { tenantId });
    return (await orProblem(asking, 'connection')).connections;
  }
}

import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { ApiKeyRepository } from '../../database/api-key.repository.js';
import { SCOPES } from '../../domain/scopes.js';
import { forbidden, notFound } from '../../http/problems.js';
import { route, type Input, type Output } from '../../http/route.js';
import { Serve } from '../../http/serve.decorator.js';
import { time } from '../../http/shapes.js';
import { KeyHolders } from '../../domain/key-holders.js';

const scopes = z.array(z.enum(SCOPES)).min(1, 'At least one').meta({ description: 'What the key may do' });

const key = z
  .object({
    keyId: z.string().meta({ description: 'The middle part of the key' }),
    label: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    createdAt: time,
    lastUsedAt: time.nullable().meta({ description: 'To the minute' }),
  })
  .meta({ id: 'ApiKey' });

export const listKeys = route({
  method: 'get',
  path: '/v1/keys',
  tag: 'keys',
  summary: 'List the API keys',
  needs: 'keys:write',
  response: z.object({ items: z.array(key) }),
});

export const createKey = route({
  method: 'post',
  path: '/v1/keys',
  tag: 'keys',
  summary: 'Create an API key',
  description: 'A key cannot give a scope that it does not have itself.',
  needs: 'keys:write',
  body: z
    .strictObject({ label: z.string().trim().min(1, 'Must not be empty').max(100), scopes })
    .meta({ example: { label: 'dashboard', scopes: ['calls:read', 'leads:read'] } }),
  response: z.object({
    keyId: z.string(),
    apiKey: z.string().meta({ description: 'It cannot be read again' }),
  }),
  status: 201,
});

export const revokeKey = route({
  method: 'delete',
  path: '/v1/keys/{keyId}',
  tag: 'keys',
  summary: 'Revoke an API key',
  description: 'It stops working within ten seconds.',
  needs: 'keys:write',
  params: z.object({ keyId: z.string().regex(/^[a-z0-9]{16}$/, 'Must be the id of a key') }),
  problems: [404],
});

@Controller()
export class ManageKeysController {
  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly holders: KeyHolders,
  ) {}

  @Serve(listKeys)
  async list({ caller }: Input<typeof listKeys>): Promise<Output<typeof listKeys>> {
    const keys = await this.keys.list(caller.tenantId);
    return {
      items: keys.map((info) => ({
        ...info,
        scopes: [...info.scopes],
        createdAt: info.createdAt.toISOString(),
        lastUsedAt: info.lastUsedAt?.toISOString() ?? null,
      })),
    };
  }

  @Serve(createKey)
  async create({ caller, body }: Input<typeof createKey>): Promise<Output<typeof createKey>> {
    const beyond = body.scopes.find((scope) => !caller.scopes.includes(scope));
    if (beyond) throw forbidden(beyond);
    return this.keys.create(caller, body.label, body.scopes);
  }

  @Serve(revokeKey)
  async revoke({ caller, params }: Input<typeof revokeKey>): Promise<void> {
    if (!(await this.keys.revoke(caller, params.keyId))) throw notFound('key');
    this.holders.forget(params.keyId);
  }
}

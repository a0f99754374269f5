import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { AccountRepository, TenantExists } from '../../database/account.repository.js';
import { conflict } from '../../http/problems.js';
import { route, type Input, type Output } from '../../http/route.js';
import { Serve } from '../../http/serve.decorator.js';
import { tenantCreated } from '../../telemetry.js';

export const createTenant = route({
  method: 'post',
  path: '/operator/tenants',
  tag: 'operator',
  summary: 'Create a tenant',
  description: 'Gives the new tenant its first API key, which is shown this once and may do everything.',
  needs: 'operator',
  body: z
    .strictObject({
      name: z
        .string()
        .trim()
        .min(1, 'Must not be empty')
        .max(200)
        .meta({ description: "The business's name" }),
      tenantId: z
        .string()
        .regex(/^tn_[A-Za-z0-9]{1,40}$/, 'Must be "tn_" and up to 40 letters and digits')
        .optional()
        .meta({ description: 'A new id is made when it is absent' }),
    })
    .meta({ example: { name: 'Northside Plumbing and Heating' } }),
  response: z.object({
    tenantId: z.string(),
    apiKey: z.string().meta({ description: 'tl_<id>_<secret>; it cannot be read again' }),
  }),
  status: 201,
  problems: [409],
});

@Controller()
export class OnboardTenantController {
  constructor(private readonly accounts: AccountRepository) {}

  @Serve(createTenant)
  async create({ body }: Input<typeof createTenant>): Promise<Output<typeof createTenant>> {
    try {
      const created = await this.accounts.create(body.name, body.tenantId);
      tenantCreated(created.tenantId);
      return created;
    } catch (error) {
      if (error instanceof TenantExists) throw conflict('There is a tenant of this id.');
      throw error;
    }
  }
}

import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { NumberTaken, SettingsRepository } from '../../database/settings.repository.js';
import { conflict } from '../../http/problems.js';
import { route, type Input, type Output } from '../../http/route.js';
import { Serve } from '../../http/serve.decorator.js';
import { e164 } from '../../http/shapes.js';

const number = z.strictObject({
  number: e164,
  label: z.string().trim().max(100).default('').meta({ example: 'main line' }),
  active: z
    .boolean()
    .default(true)
    .meta({ description: 'Calls to an inactive number are not answered by the assistant' }),
});

const numbers = z
  .strictObject({
    numbers: z
      .array(number)
      .max(100, 'At most 100')
      .refine(
        (list) => new Set(list.map((line) => line.number)).size === list.length,
        'The same number twice',
      ),
  })
  .meta({ id: 'PhoneNumbers' });

export const getNumbers = route({
  method: 'get',
  path: '/v1/numbers',
  tag: 'settings',
  summary: 'Read the phone numbers',
  needs: 'settings:read',
  response: numbers,
});

export const putNumbers = route({
  method: 'put',
  path: '/v1/numbers',
  tag: 'settings',
  summary: 'Replace the phone numbers',
  description:
    'All of them: a number that is absent is given up. A number that another account has is refused with 409.',
  needs: 'settings:write',
  body: numbers,
  response: numbers,
  problems: [409],
});

@Controller()
export class ManageNumbersController {
  constructor(private readonly settings: SettingsRepository) {}

  @Serve(getNumbers)
  async get({ caller }: Input<typeof getNumbers>): Promise<Output<typeof getNumbers>> {
    return { numbers: await this.settings.numbers(caller.tenantId) };
  }

  @Serve(putNumbers)
  async put({ caller, body }: Input<typeof putNumbers>): Promise<Output<typeof putNumbers>> {
    try {
      await this.settings.replaceNumbers(caller, body.numbers);
    } catch (error) {
      if (error instanceof NumberTaken)
        throw conflict(`${error.number} belongs to another account; nothing was changed.`);
      throw error;
    }
    return body;
  }
}

import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { SettingsRepository } from '../../database/settings.repository.js';
import { route, type Input, type Output } from '../../http/route.js';
import { Serve } from '../../http/serve.decorator.js';
import { language } from '../../http/shapes.js';

const alerts = z
  .strictObject({
    mailRecipients: z
      .array(z.email('Must be a mail address').max(254))
      .max(20, 'At most 20')
      .meta({ description: 'Who gets the transcript mail' }),
    language: language.default('en-CA').meta({ description: 'The language of the mails, BCP-47' }),
    mailDismissedCalls: z.boolean().default(false).meta({ description: 'Dismissed calls are mailed too' }),
  })
  .meta({
    id: 'AlertSettings',
    example: { mailRecipients: ['owner@example.com'], language: 'fr-CA', mailDismissedCalls: false },
  });

export const getAlerts = route({
  method: 'get',
  path: '/v1/alerts',
  tag: 'settings',
  summary: 'Read the alert settings',
  needs: 'settings:read',
  response: alerts,
});

export const putAlerts = route({
  method: 'put',
  path: '/v1/alerts',
  tag: 'settings',
  summary: 'Replace the alert settings',
  needs: 'settings:write',
  body: alerts,
  response: alerts,
});

@Controller()
export class ManageAlertsController {
  constructor(private readonly settings: SettingsRepository) {}

  @Serve(getAlerts)
  async get({ caller }: Input<typeof getAlerts>): Promise<Output<typeof getAlerts>> {
    const stored = await this.settings.alerts(caller.tenantId);
    return { ...stored, mailRecipients: [...stored.mailRecipients] };
  }

  @Serve(putAlerts)
  async put({ caller, body }: Input<typeof putAlerts>): Promise<Output<typeof putAlerts>> {
    await this.settings.replaceAlerts(caller, body);
    return body;
  }
}

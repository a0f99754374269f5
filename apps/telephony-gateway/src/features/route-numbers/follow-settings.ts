import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AssistantProfileChangedSchema, PhoneNumbersChangedSchema } from '@tradeline/contracts';
import { SettingsStream } from '@tradeline/messaging';
import { log } from '@tradeline/service-runtime';
import { NumberRoutes } from '../../domain/number-routes.js';
import { TenantVoices } from '../../domain/tenant-voices.js';

/** Keeps numbers and languages of all tenants in memory; the service takes calls only once it knows them all. */
@Injectable()
export class FollowSettings implements OnModuleInit {
  constructor(
    private readonly settings: SettingsStream,
    private readonly routes: NumberRoutes,
    private readonly voices: TenantVoices,
  ) {}

  async onModuleInit(): Promise<void> {
    await Promise.all([
      this.settings.follow(PhoneNumbersChangedSchema, ({ meta, numbers }) => {
        if (!meta) return;
        this.routes.replace(meta.tenantId, numbers);
        log.info('numbers_routed', { tenantId: meta.tenantId, numbers: numbers.length });
      }),
      this.settings.follow(AssistantProfileChangedSchema, ({ meta, languages, businessName }) => {
        if (meta) this.voices.replace(meta.tenantId, { languages, businessName });
      }),
    ]);
  }
}

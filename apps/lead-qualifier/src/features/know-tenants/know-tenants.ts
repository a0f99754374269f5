import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { AssistantProfileChangedSchema } from '@tradeline/contracts';
import { SettingsStream } from '@tradeline/messaging';
import { TenantProfiles } from '../../domain/tenant-profiles.js';

/** Keeps each tenant's region and language in memory; the service is not ready before it has heard them all. */
@Injectable()
export class KnowTenants implements OnModuleInit {
  constructor(
    private readonly settings: SettingsStream,
    private readonly profiles: TenantProfiles,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.settings.follow(AssistantProfileChangedSchema, ({ meta, region, languages }) => {
      if (meta) this.profiles.set(meta.tenantId, { region, language: languages[0] ?? '' });
    });
  }
}

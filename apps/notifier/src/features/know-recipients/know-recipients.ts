import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { AlertSettingsChangedSchema } from '@tradeline/contracts';
import { SettingsStream } from '@tradeline/messaging';
import { AlertSettingsBook } from '../../domain/alert-settings.js';

/** Keeps every tenant's alert settings in memory, from the snapshots that tenant-gateway says. */
@Injectable()
export class KnowRecipients implements OnModuleInit {
  constructor(
    private readonly settings: SettingsStream,
    private readonly book: AlertSettingsBook,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.settings.follow(AlertSettingsChangedSchema, (event) => {
      if (!event.meta) return;
      this.book.keep(event.meta.tenantId, {
        mailRecipients: event.mailRecipients,
        language: event.language,
        mailDismissedCalls: event.mailDismissedCalls,
        timeZone: event.timeZone,
        businessName: event.businessName,
      });
    });
    this.book.markComplete();
  }
}

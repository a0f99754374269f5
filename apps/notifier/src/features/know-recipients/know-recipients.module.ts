import { Global, Module } from '@nestjs/common';
import { AlertSettingsBook } from '../../domain/alert-settings.js';
import { KnowRecipients } from './know-recipients.js';

/** Fills the book that the other features read. */
@Global()
@Module({
  providers: [KnowRecipients, { provide: AlertSettingsBook, useFactory: () => new AlertSettingsBook() }],
  exports: [AlertSettingsBook],
})
export class KnowRecipientsModule {}

import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { Clock } from '../../domain/clock.js';
import { LeadExtractor } from '../../domain/lead-extractor.js';
import { Patience } from './patience.js';
import { QualifyLeadWhenCallEnded } from './qualify-lead-when-call-ended.consumer.js';
import { QualifyLeadWhenConversationEnded } from './qualify-lead-when-conversation-ended.consumer.js';
import { QualifyLead } from './qualify-lead.js';

@Module({})
export class QualifyLeadModule {
  static for({
    extractor,
    patience,
  }: {
    readonly extractor: LeadExtractor;
    readonly patience: Patience;
  }): DynamicModule {
    return {
      module: QualifyLeadModule,
      controllers: [QualifyLeadWhenConversationEnded, QualifyLeadWhenCallEnded],
      providers: [
        QualifyLead,
        { provide: Clock, useFactory: () => new Clock() },
        { provide: LeadExtractor, useValue: extractor },
        { provide: Patience, useValue: patience },
      ],
    };
  }
}

import { Module } from '@nestjs/common';
import { Clock } from '../../domain/clock.js';
import { JudgeHealth } from './judge-health.js';
import { RecordCallWhenCallEnded } from './record-call-when-call-ended.consumer.js';
import { RecordFacts } from './record-facts.js';
import { RecordLeadWhenLeadDismissed } from './record-lead-when-lead-dismissed.consumer.js';
import { RecordLeadWhenLeadQualified } from './record-lead-when-lead-qualified.consumer.js';
import { RecordStreamWhenConversationEnded } from './record-stream-when-conversation-ended.consumer.js';

@Module({
  controllers: [
    RecordStreamWhenConversationEnded,
    RecordCallWhenCallEnded,
    RecordLeadWhenLeadQualified,
    RecordLeadWhenLeadDismissed,
  ],
  providers: [Clock, JudgeHealth, RecordFacts],
})
export class RecordFactsModule {}

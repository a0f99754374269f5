import { Global, Module } from '@nestjs/common';
import { EventPublisher } from '@tradeline/messaging';
import { ConversationJournal } from '../../domain/conversation-journal.js';
import { PublishConversation } from './publish-conversation.js';

@Global()
@Module({
  providers: [
    {
      provide: ConversationJournal,
      inject: [EventPublisher],
      useFactory: (publisher: EventPublisher) => new PublishConversation(publisher),
    },
  ],
  exports: [ConversationJournal],
})
export class PublishTranscriptModule {}

import { Controller } from '@nestjs/common';
import { UtteranceTranscribedSchema } from '@tradeline/contracts';
import type { UtteranceTranscribed } from '@tradeline/contracts';
import { OnEvent } from '@tradeline/messaging';
import type { Delivery } from '@tradeline/messaging';
import { CollectTranscript } from './collect-transcript.js';

@Controller()
export class CollectTranscriptWhenUtteranceTranscribed {
  constructor(private readonly collectTranscript: CollectTranscript) {}

  @OnEvent(UtteranceTranscribedSchema, 'collect-transcript-when-utterance-transcribed')
  async hear(event: UtteranceTranscribed, delivery: Delivery): Promise<void> {
    await this.collectTranscript.add(event, delivery);
  }
}

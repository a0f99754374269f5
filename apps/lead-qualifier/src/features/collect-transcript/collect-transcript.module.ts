import { Module } from '@nestjs/common';
import { CollectTranscriptWhenUtteranceTranscribed } from './collect-transcript-when-utterance-transcribed.consumer.js';
import { CollectTranscript } from './collect-transcript.js';

@Module({ controllers: [CollectTranscriptWhenUtteranceTranscribed], providers: [CollectTranscript] })
export class CollectTranscriptModule {}

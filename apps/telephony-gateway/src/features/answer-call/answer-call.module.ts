import { Module } from '@nestjs/common';
import { RecordedPhrases } from '../../integrations/phrases/recorded-phrases.js';
import { AnswerCall } from './answer-call.js';
import { PhraseController } from './phrase.controller.js';
import { VoiceController } from './voice.controller.js';

@Module({ controllers: [VoiceController, PhraseController], providers: [AnswerCall, RecordedPhrases] })
export class AnswerCallModule {}

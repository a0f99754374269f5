import { Module } from '@nestjs/common';
import { AnswerCall } from './answer-call.js';
import { VoiceController } from './voice.controller.js';

@Module({ controllers: [VoiceController], providers: [AnswerCall] })
export class AnswerCallModule {}

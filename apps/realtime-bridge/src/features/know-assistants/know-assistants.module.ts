import { Module } from '@nestjs/common';
import { KnowAssistants } from './know-assistants.js';

@Module({ providers: [KnowAssistants] })
export class KnowAssistantsModule {}

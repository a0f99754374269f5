import { Module } from '@nestjs/common';
import { Clock } from '../../domain/clock.js';
import { VoiceHealthController } from './voice-health.controller.js';

@Module({ controllers: [VoiceHealthController], providers: [Clock] })
export class BrowseMetricsModule {}

import { Module } from '@nestjs/common';
import { KeepFieldWhenFieldCaptured } from './keep-field-when-field-captured.consumer.js';
import { KeepField } from './keep-field.js';

@Module({ controllers: [KeepFieldWhenFieldCaptured], providers: [KeepField] })
export class KeepFieldModule {}

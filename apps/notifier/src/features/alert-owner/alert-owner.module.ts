import { Module } from '@nestjs/common';
import { AlertOwner } from './alert-owner.js';
import { AlertOwnerWhenLeadQualified } from './alert-owner-when-lead-qualified.consumer.js';

@Module({ controllers: [AlertOwnerWhenLeadQualified], providers: [AlertOwner] })
export class AlertOwnerModule {}

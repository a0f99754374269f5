import { Module } from '@nestjs/common';
import { SyncCrm } from './sync-crm.js';
import { SyncCrmWhenLeadQualified } from './sync-crm-when-lead-qualified.consumer.js';

@Module({ controllers: [SyncCrmWhenLeadQualified], providers: [SyncCrm] })
export class SyncCrmModule {}

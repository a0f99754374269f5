import { Module } from '@nestjs/common';
import { BrowseLeadsConsumer } from './browse-leads.consumer.js';
import { BrowseLeads } from './browse-leads.js';

@Module({ controllers: [BrowseLeadsConsumer], providers: [BrowseLeads] })
export class BrowseLeadsModule {}

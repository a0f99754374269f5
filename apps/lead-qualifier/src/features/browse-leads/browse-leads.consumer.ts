import type { MessageInitShape } from '@bufbuild/protobuf';
import { Controller } from '@nestjs/common';
import {
  GetLeadRequestSchema,
  GetLeadResponseSchema,
  GetTranscriptRequestSchema,
  GetTranscriptResponseSchema,
  ListLeadsRequestSchema,
  ListLeadsResponseSchema,
} from '@tradeline/contracts';
import type { GetLeadRequest, GetTranscriptRequest, ListLeadsRequest } from '@tradeline/contracts';
import { OnRequest, RpcRefused } from '@tradeline/messaging';
import { BrowseLeads } from './browse-leads.js';

/** The questions of tenant-gateway and notifier. */
@Controller()
export class BrowseLeadsConsumer {
  constructor(private readonly browseLeads: BrowseLeads) {}

  @OnRequest(ListLeadsRequestSchema, ListLeadsResponseSchema)
  async list(request: ListLeadsRequest): Promise<MessageInitShape<typeof ListLeadsResponseSchema>> {
    return this.browseLeads.list(request.tenantId, request.limit, request.cursor, request.state);
  }

  @OnRequest(GetLeadRequestSchema, GetLeadResponseSchema)
  async get(request: GetLeadRequest): Promise<MessageInitShape<typeof GetLeadResponseSchema>> {
    if (request.leadId === '' && request.callId === '')
      throw new RpcRefused('invalid', 'say which lead or which call');
    return { lead: await this.browseLeads.get(request.tenantId, request) };
  }

  @OnRequest(GetTranscriptRequestSchema, GetTranscriptResponseSchema)
  async transcript(
    request: GetTranscriptRequest,
  ): Promise<MessageInitShape<typeof GetTranscriptResponseSchema>> {
    return this.browseLeads.transcript(request.tenantId, request.callId);
  }
}

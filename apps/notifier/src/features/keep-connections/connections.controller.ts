import type { MessageInitShape } from '@bufbuild/protobuf';
import { Controller } from '@nestjs/common';
import {
  ListConnectionsRequestSchema,
  ListConnectionsResponseSchema,
  PutConnectionRequestSchema,
  PutConnectionResponseSchema,
} from '@tradeline/contracts';
import type { ListConnectionsRequest, PutConnectionRequest } from '@tradeline/contracts';
import { OnRequest } from '@tradeline/messaging';
import { KeepConnections } from './keep-connections.js';

@Controller()
export class ConnectionsController {
  constructor(private readonly keepConnections: KeepConnections) {}

  @OnRequest(PutConnectionRequestSchema, PutConnectionResponseSchema)
  async put(request: PutConnectionRequest): Promise<MessageInitShape<typeof PutConnectionResponseSchema>> {
    await this.keepConnections.put(request);
    return { target: request.target, enabled: request.enabled };
  }

  /** Secrets are never read back. */
  @OnRequest(ListConnectionsRequestSchema, ListConnectionsResponseSchema)
  async list(
    request: ListConnectionsRequest,
  ): Promise<MessageInitShape<typeof ListConnectionsResponseSchema>> {
    const connections = await this.keepConnections.list(request.tenantId);
    return { connections: connections.map(({ target, enabled, url }) => ({ target, enabled, url })) };
  }
}

import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Controller } from '@nestjs/common';
import {
  DeliverySchema,
  DeliveryState as WireState,
  ListDeliveriesRequestSchema,
  ListDeliveriesResponseSchema,
  ReplayDeliveryRequestSchema,
  ReplayDeliveryResponseSchema,
} from '@tradeline/contracts';
import type { ListDeliveriesRequest, ReplayDeliveryRequest } from '@tradeline/contracts';
import { OnRequest } from '@tradeline/messaging';
import type { Delivery, DeliveryState } from '../../domain/delivery.js';
import { BrowseDeliveries } from './browse-deliveries.js';

const STATES: Readonly<Record<DeliveryState, WireState>> = {
  owed: WireState.OWED,
  delivered: WireState.DELIVERED,
  failed: WireState.FAILED,
  unknown: WireState.UNKNOWN,
};

const shown = (delivery: Delivery): MessageInitShape<typeof DeliverySchema> => ({
  deliveryId: delivery.deliveryId,
  leadId: delivery.subjectId,
  callId: delivery.callId,
  kind: delivery.kind,
  target: delivery.target,
  state: STATES[delivery.state],
  attempts: delivery.attempts,
  lastError: delivery.lastError,
  remoteId: delivery.remoteId,
  createdAt: timestampFromDate(delivery.createdAt),
  updatedAt: timestampFromDate(delivery.updatedAt),
  detail: delivery.detail,
});

@Controller()
export class DeliveriesController {
  constructor(private readonly browse: BrowseDeliveries) {}

  @OnRequest(ListDeliveriesRequestSchema, ListDeliveriesResponseSchema)
  async list(request: ListDeliveriesRequest): Promise<MessageInitShape<typeof ListDeliveriesResponseSchema>> {
    const page = await this.browse.list(request.tenantId, request);
    return { deliveries: page.deliveries.map(shown), nextCursor: page.nextCursor };
  }

  @OnRequest(ReplayDeliveryRequestSchema, ReplayDeliveryResponseSchema)
  async replay(
    request: ReplayDeliveryRequest,
  ): Promise<MessageInitShape<typeof ReplayDeliveryResponseSchema>> {
    return { delivery: shown(await this.browse.replay(request.tenantId, request.deliveryId)) };
  }
}

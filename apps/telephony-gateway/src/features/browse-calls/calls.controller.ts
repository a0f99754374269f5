import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Controller } from '@nestjs/common';
import {
  CallSchema,
  type GetCallRequest,
  GetCallRequestSchema,
  GetCallResponseSchema,
  type ListCallsRequest,
  ListCallsRequestSchema,
  ListCallsResponseSchema,
} from '@tradeline/contracts';
import { NotFound, OnRequest, RpcRefused } from '@tradeline/messaging';
import { CallLedger } from '../../database/call-ledger.js';
import type { StoredCall } from '../../database/call.repository.js';
import { cursorAfter, positionOf } from './call-cursor.js';

const MOST_CALLS = 100;
const USUAL_CALLS = 25;

const shownCall = (call: StoredCall): MessageInitShape<typeof CallSchema> => ({
  callId: call.callId,
  callSid: call.callSid,
  conversationId: call.hasConversation ? call.conversationId : '',
  fromNumber: call.from ?? '',
  toNumber: call.to,
  state: call.state,
  // A cause noted while the call runs is not its end yet.
  reason: call.endedAt || call.state === 'declined' ? call.reason : '',
  durationMs: BigInt(call.durationMs),
  startedAt: timestampFromDate(call.startedAt),
  ...(call.endedAt && { endedAt: timestampFromDate(call.endedAt) }),
  direction: call.direction,
});

/** Answers what is asked about a tenant's calls. */
@Controller()
export class CallsController {
  constructor(private readonly ledger: CallLedger) {}

  @OnRequest(ListCallsRequestSchema, ListCallsResponseSchema)
  async list({
    tenantId,
    limit,
    cursor,
  }: ListCallsRequest): Promise<MessageInitShape<typeof ListCallsResponseSchema>> {
    const position = positionOf(cursor);
    if (position === 'invalid') throw new RpcRefused('invalid', 'the cursor is not one of ours');
    const wanted = Math.min(Math.max(limit || USUAL_CALLS, 1), MOST_CALLS);
    // One more than wanted tells whether there is a next page.
    const calls = await this.ledger.page(tenantId, wanted + 1, position);
    const page = calls.slice(0, wanted);
    const last = page.at(-1);
    return { calls: page.map(shownCall), nextCursor: calls.length > wanted && last ? cursorAfter(last) : '' };
  }

  @OnRequest(GetCallRequestSchema, GetCallResponseSchema)
  async get({ tenantId, callId }: GetCallRequest): Promise<MessageInitShape<typeof GetCallResponseSchema>> {
    const call = await this.ledger.find(tenantId, callId);
    if (!call) throw new NotFound(`no call ${callId}`);
    return { call: shownCall(call) };
  }
}

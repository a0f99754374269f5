import { timestampDate } from '@bufbuild/protobuf/wkt';
import { Injectable } from '@nestjs/common';
import {
  GetCallRequestSchema,
  GetCallResponseSchema,
  GetLeadRequestSchema,
  GetLeadResponseSchema,
  GetTranscriptRequestSchema,
  GetTranscriptResponseSchema,
  LeadState,
  Speaker,
} from '@tradeline/contracts';
import type { Call, Lead, TranscriptLine as WireLine } from '@tradeline/contracts';
import { RpcClient, RpcRefused, RpcUnavailable } from '@tradeline/messaging';
import type { Delivery } from '../../domain/delivery.js';
import type { LeadContent, TranscriptLine } from '../../domain/parcel.js';
import { RemoteTrouble } from '../../domain/remote-trouble.js';

/** After so many attempts a mail without the call's times is worth more than none. */
const ATTEMPTS_WITHOUT_CALL = 3;

const GONE = 'The lead was deleted before this could be sent, so nothing was sent.';
const NOT_NOW = 'The lead could not be read yet.';

const isRefusal = (error: unknown, code: string): boolean =>
  error instanceof RpcRefused && error.code === code;

const lineOf = (line: WireLine): TranscriptLine => ({
  speaker: line.speaker === Speaker.CALLER ? 'caller' : 'assistant',
  text: line.text,
  language: line.language,
  interrupted: line.interrupted,
});

const contentOf = (
  lead: Lead,
  lines: readonly WireLine[],
  call: Call | undefined,
  delivery: Delivery,
): LeadContent => ({
  leadId: lead.leadId,
  callId: lead.callId,
  qualified: lead.state !== LeadState.DISMISSED,
  callerName: lead.callerName,
  phone: lead.callbackNumber || (call?.fromNumber ?? ''),
  email: lead.email,
  jobSummary: lead.jobSummary,
  preferredDatetime: lead.preferredDatetime,
  summary: lead.summary,
  score: lead.score,
  reasons: lead.reasons,
  reasonWords: delivery.reasons,
  dismissalReason: lead.dismissalReason,
  language: lead.language,
  partial: lead.partial,
  transcript: [...lines].sort((a, b) => a.seq - b.seq).map(lineOf),
  call: {
    startedAt: call?.startedAt
      ? timestampDate(call.startedAt)
      : lead.createdAt
        ? timestampDate(lead.createdAt)
        : delivery.owedAt,
    durationMs: Number(call?.durationMs ?? 0n),
    fromNumber: call?.fromNumber ?? '',
    toNumber: call?.toNumber || lead.toNumber,
  },
});

/** Fetches what a delivery is about from those who own it, at the moment it is sent: what was erased is not sent. */
@Injectable()
export class FetchContent {
  constructor(private readonly rpc: RpcClient) {}

  /** @throws RemoteTrouble when the lead is gone (permanent) or cannot be read now (transient). */
  async of(delivery: Delivery): Promise<LeadContent> {
    const { tenantId, subjectId: leadId, callId } = delivery;
    try {
      const [lead, transcript, call] = await Promise.all([
        this.rpc.ask(GetLeadRequestSchema, GetLeadResponseSchema, { tenantId, leadId }),
        this.rpc.ask(GetTranscriptRequestSchema, GetTranscriptResponseSchema, { tenantId, callId }),
        this.call(tenantId, callId, delivery.attempts),
      ]);
      if (!lead.lead) throw new RpcRefused('not_found', 'no lead in the answer');
      return contentOf(lead.lead, transcript.lines, call, delivery);
    } catch (error) {
      if (isRefusal(error, 'not_found'))
        throw new RemoteTrouble({ kind: 'permanent', words: GONE, cause: error });
      if (error instanceof RpcRefused || error instanceof RpcUnavailable) {
        throw new RemoteTrouble({ kind: 'transient', words: NOT_NOW, cause: error });
      }
      throw error;
    }
  }

  private async call(tenantId: string, callId: string, attempt: number): Promise<Call | undefined> {
    try {
      return (await this.rpc.ask(GetCallRequestSchema, GetCallResponseSchema, { tenantId, callId })).call;
    } catch (error) {
      if (isRefusal(error, 'not_found') || attempt >= ATTEMPTS_WITHOUT_CALL) return undefined;
      throw error;
    }
  }
}

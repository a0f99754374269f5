import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Injectable } from '@nestjs/common';
import { LeadState as WireState, Speaker } from '@tradeline/contracts';
import type { GetTranscriptResponseSchema, LeadSchema, TranscriptLineSchema } from '@tradeline/contracts';
import { NotFound } from '@tradeline/messaging';
import { LeadRepository } from '../../database/lead.repository.js';
import { LeadsDatabase } from '../../database/prisma.js';
import { TranscriptRepository } from '../../database/transcript.repository.js';
import { SCORE_REASONS } from '../../domain/lead.js';
import type { Lead, LeadState } from '../../domain/lead.js';
import { missingSeqs } from '../../domain/transcript.js';
import type { Utterance } from '../../domain/transcript.js';
import { wireFieldOf } from '../../integrations/field-names.js';
import { WIRE_CATEGORY, WIRE_STATE } from '../../integrations/lead-words.js';
import { cursorAfter, leadIdOf } from './cursor.js';

type WireLead = MessageInitShape<typeof LeadSchema>;

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

const STATES: Readonly<Partial<Record<WireState, LeadState>>> = {
  [WireState.QUALIFIED]: 'qualified',
  [WireState.DISMISSED]: 'dismissed',
};

const wireLeadOf = (lead: Lead): WireLead => ({
  leadId: lead.leadId,
  callId: lead.callId,
  conversationId: lead.conversationId,
  state: WIRE_STATE[lead.state],
  category: WIRE_CATEGORY[lead.category],
  score: lead.score,
  reasons: lead.reasons.map((reason) => SCORE_REASONS[reason]),
  callerName: lead.callerName ?? '',
  callbackNumber: lead.callbackNumber ?? '',
  email: lead.email ?? '',
  jobSummary: lead.jobSummary ?? '',
  preferredDatetime: lead.preferredDatetime ?? '',
  summary: lead.summary,
  language: lead.language,
  extractedBy: lead.extractedBy,
  partial: lead.partial,
  dismissalReason: lead.dismissalReason ?? '',
  createdAt: timestampFromDate(lead.createdAt),
  toNumber: lead.toNumber,
});

const lineOf = (utterance: Utterance): MessageInitShape<typeof TranscriptLineSchema> => ({
  seq: utterance.seq,
  speaker: utterance.speaker === 'caller' ? Speaker.CALLER : Speaker.ASSISTANT,
  text: utterance.text,
  startedAtMs: BigInt(utterance.startedAtMs),
  interrupted: utterance.interrupted,
  language: utterance.language,
});

/** Until the bridge's last word is known, a gap below the highest number is all that can be known to be missing. */
const isComplete = (utterances: readonly Utterance[], lead: Lead | undefined): boolean => {
  const highest = Math.max(0, ...utterances.map((utterance) => utterance.seq));
  return missingSeqs(utterances, lead?.lastUtteranceSeq ?? highest).length === 0;
};

/** What tenant-gateway shows and notifier sends. */
@Injectable()
export class BrowseLeads {
  constructor(
    private readonly database: LeadsDatabase,
    private readonly leads: LeadRepository,
    private readonly transcripts: TranscriptRepository,
  ) {}

  async list(
    tenantId: string,
    limit: number,
    cursor: string,
    state: WireState,
  ): Promise<{ leads: WireLead[]; nextCursor: string }> {
    const size = Math.min(Math.max(limit || DEFAULT_LIMIT, 1), MAX_LIMIT);
    const before = leadIdOf(cursor);
    const found = await this.database.inTenant(tenantId, (tx) =>
      this.leads.page(tx, tenantId, { before, state: STATES[state], limit: size + 1 }),
    );
    const page = found.slice(0, size);
    const last = page.at(-1);
    return {
      leads: page.map(wireLeadOf),
      nextCursor: found.length > size && last ? cursorAfter(last.leadId) : '',
    };
  }

  async get(tenantId: string, by: { readonly leadId: string; readonly callId: string }): Promise<WireLead> {
    const lead = await this.database.inTenant(tenantId, (tx) =>
      by.leadId === ''
        ? this.leads.byCall(tx, tenantId, by.callId)
        : this.leads.byId(tx, tenantId, by.leadId),
    );
    if (!lead) throw new NotFound('no such lead');
    return wireLeadOf(lead);
  }

  async transcript(
    tenantId: string,
    callId: string,
  ): Promise<MessageInitShape<typeof GetTranscriptResponseSchema>> {
    return this.database.inTenant(tenantId, async (tx) => {
      const utterances = await this.transcripts.utterancesOfCall(tx, tenantId, callId);
      const fields = await this.transcripts.fieldsOfCall(tx, tenantId, callId);
      const lead = await this.leads.byCall(tx, tenantId, callId);
      if (!lead && utterances.length === 0 && fields.length === 0) throw new NotFound('no such call');
      return {
        lines: utterances.map(lineOf),
        complete: isComplete(utterances, lead),
        fields: fields.map(wireFieldOf),
      };
    });
  }
}

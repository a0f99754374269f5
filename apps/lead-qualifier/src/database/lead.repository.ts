import { Injectable } from '@nestjs/common';
import { TenantKeys } from '@tradeline/service-runtime';
import type { FieldCipher } from '@tradeline/service-runtime';
import { DISMISSAL_REASONS, isScoreReason, LEAD_CATEGORIES } from '../domain/lead.js';
import type { Lead, LeadState } from '../domain/lead.js';
import type { Lead as LeadRow } from '../generated/prisma/client.js';
import type { LeadsTransaction } from './prisma.js';

/** The columns that hold personal data: sealed under their own name, so none opens in another's place. */
const SEALED = {
  callerName: 'leads.caller_name',
  callbackNumber: 'leads.callback_number',
  email: 'leads.email',
  jobSummary: 'leads.job_summary',
  preferredDatetime: 'leads.preferred_datetime',
  summary: 'leads.summary',
  toNumber: 'leads.to_number',
} as const;

type SealedName = keyof typeof SEALED;

const sealed = (cipher: FieldCipher, lead: Lead, name: SealedName): Uint8Array<ArrayBuffer> | null => {
  const value = lead[name];
  return value === undefined ? null : cipher.seal(value, SEALED[name]);
};

const opened = (cipher: FieldCipher, row: LeadRow, name: SealedName): string | undefined => {
  const value = row[name];
  return value === null ? undefined : cipher.open(value, SEALED[name]);
};

const known = <T extends string>(words: readonly T[], word: string | null): T | undefined =>
  words.find((each) => each === word);

const leadOf = (row: LeadRow, cipher: FieldCipher): Lead => ({
  leadId: row.leadId,
  tenantId: row.tenantId,
  callId: row.callId,
  conversationId: row.conversationId,
  state: row.state === 'qualified' ? 'qualified' : 'dismissed',
  category: known(LEAD_CATEGORIES, row.category) ?? 'prospect_call',
  score: row.score,
  reasons: row.reasons.filter(isScoreReason),
  callerName: opened(cipher, row, 'callerName'),
  callbackNumber: opened(cipher, row, 'callbackNumber'),
  email: opened(cipher, row, 'email'),
  jobSummary: opened(cipher, row, 'jobSummary'),
  preferredDatetime: opened(cipher, row, 'preferredDatetime'),
  summary: opened(cipher, row, 'summary') ?? '',
  toNumber: opened(cipher, row, 'toNumber') ?? '',
  language: row.language,
  extractedBy: row.extractedBy === 'openai' ? 'openai' : 'rules',
  partial: row.partial,
  dismissalReason: known(DISMISSAL_REASONS, row.dismissalReason),
  explanation: row.explanation,
  lastUtteranceSeq: row.lastUtteranceSeq ?? undefined,
  createdAt: row.createdAt,
});

/** The verdicts. */
@Injectable()
export class LeadRepository {
  constructor(private readonly keys: TenantKeys) {}

  /** @returns false when the conversation has a lead already: another event came first. */
  async add(tx: LeadsTransaction, lead: Lead): Promise<boolean> {
    const cipher = await this.keys.cipherFor(tx, lead.tenantId);
    const { count } = await tx.lead.createMany({
      data: {
        leadId: lead.leadId,
        tenantId: lead.tenantId,
        callId: lead.callId,
        conversationId: lead.conversationId,
        state: lead.state,
        category: lead.category,
        score: lead.score,
        reasons: [...lead.reasons],
        callerName: sealed(cipher, lead, 'callerName'),
        callbackNumber: sealed(cipher, lead, 'callbackNumber'),
        callbackNumberHash: lead.callbackNumber === undefined ? null : cipher.hash(lead.callbackNumber),
        email: sealed(cipher, lead, 'email'),
        emailHash: lead.email === undefined ? null : cipher.hash(lead.email),
        jobSummary: sealed(cipher, lead, 'jobSummary'),
        preferredDatetime: sealed(cipher, lead, 'preferredDatetime'),
        summary: cipher.seal(lead.summary, SEALED.summary),
        toNumber: sealed(cipher, lead, 'toNumber'),
        language: lead.language,
        extractedBy: lead.extractedBy,
        partial: lead.partial,
        dismissalReason: lead.dismissalReason ?? null,
        explanation: lead.explanation,
        lastUtteranceSeq: lead.lastUtteranceSeq ?? null,
        createdAt: lead.createdAt,
      },
      skipDuplicates: true,
    });
    return count === 1;
  }

  async existsFor(
    tx: LeadsTransaction,
    tenantId: string,
    callId: string,
    conversationId: string,
  ): Promise<boolean> {
    return (await tx.lead.count({ where: { tenantId, callId, conversationId } })) > 0;
  }

  async byId(tx: LeadsTransaction, tenantId: string, leadId: string): Promise<Lead | undefined> {
    const row = await tx.lead.findFirst({ where: { tenantId, leadId } });
    return row ? leadOf(row, await this.keys.cipherFor(tx, tenantId)) : undefined;
  }

  /** A call that was taken up again may have two: the qualified one, then the newest. */
  async byCall(tx: LeadsTransaction, tenantId: string, callId: string): Promise<Lead | undefined> {
    const row = await tx.lead.findFirst({
      where: { tenantId, callId },
      orderBy: [{ state: 'desc' }, { leadId: 'desc' }],
    });
    return row ? leadOf(row, await this.keys.cipherFor(tx, tenantId)) : undefined;
  }

  /** Newest first, older than `before`. */
  async page(
    tx: LeadsTransaction,
    tenantId: string,
    {
      before,
      state,
      limit,
    }: { readonly before: string | undefined; readonly state: LeadState | undefined; readonly limit: number },
  ): Promise<Lead[]> {
    const cipher = await this.keys.cipherFor(tx, tenantId);
    const rows = await tx.lead.findMany({
      where: {
        tenantId,
        ...(state === undefined ? {} : { state }),
        ...(before === undefined ? {} : { leadId: { lt: before } }),
      },
      orderBy: { leadId: 'desc' },
      take: limit,
    });
    return rows.map((row) => leadOf(row, cipher));
  }
}

import { Injectable } from '@nestjs/common';
import { processOnce, RetryLater } from '@tradeline/messaging';
import type { Delivery } from '@tradeline/messaging';
import { inSpan, newId, TenantKeys } from '@tradeline/service-runtime';
import { LeadRepository } from '../../database/lead.repository.js';
import { LeadsDatabase } from '../../database/prisma.js';
import { TranscriptRepository } from '../../database/transcript.repository.js';
import type { CallEnding } from '../../domain/call-ending.js';
import { answersWithFields, mergeFields } from '../../domain/captured-fields.js';
import type { CapturedField } from '../../domain/captured-fields.js';
import { Clock } from '../../domain/clock.js';
import { LeadExtractor } from '../../domain/lead-extractor.js';
import type { Extraction } from '../../domain/lead-extractor.js';
import type { Lead } from '../../domain/lead.js';
import { decideQualification, isPartial } from '../../domain/qualification-rules.js';
import type { Evidence } from '../../domain/qualification-rules.js';
import { summarise } from '../../domain/summary.js';
import { TenantProfiles } from '../../domain/tenant-profiles.js';
import { callerLanguage, missingSeqs } from '../../domain/transcript.js';
import type { Utterance } from '../../domain/transcript.js';
import { normaliserFor } from '../../integrations/phone-numbers.js';
import { leadAlreadyDecided, leadDismissed, leadQualified, transcriptIncomplete } from '../../telemetry.js';
import { sayVerdict } from './say-verdict.js';

interface Stored {
  readonly utterances: readonly Utterance[];
  readonly fields: readonly CapturedField[];
}

/** The last utterance is mostly on its way beside the end, so the first looks are quick ones; then it was lost or delayed. */
const LOOK_AGAIN_MS = [50, 100, 200] as const;
const LOOK_AGAIN_AT_LAST_MS = 500;

/**
 * Decides each conversation once: reads the transcript (by a model, so outside any transaction), then saves verdict,
 * event and the mark of the delivery together. Whichever event asks first gets the verdict; the others find it there.
 */
@Injectable()
export class QualifyLead {
  constructor(
    private readonly database: LeadsDatabase,
    private readonly keys: TenantKeys,
    private readonly transcripts: TranscriptRepository,
    private readonly leads: LeadRepository,
    private readonly extractor: LeadExtractor,
    private readonly profiles: TenantProfiles,
    private readonly clock: Clock,
  ) {}

  /**
   * @param waitMs how long after the end missing utterances are waited for
   * @throws RetryLater while some are missing and may still come
   */
  async decide(ending: CallEnding, waitMs: number, delivery: Delivery): Promise<void> {
    const stored = await this.load(ending, delivery);
    if (!stored) return;
    const missing =
      ending.lastUtteranceSeq === undefined ? [] : missingSeqs(stored.utterances, ending.lastUtteranceSeq);
    if (missing.length > 0) {
      if (this.sinceMs(ending) < waitMs) {
        const delayMs = LOOK_AGAIN_MS[delivery.deliveryCount - 1] ?? LOOK_AGAIN_AT_LAST_MS;
        throw new RetryLater(delayMs, `${missing.length} utterances are missing`);
      }
      transcriptIncomplete(ending.callId, ending.conversationId, missing.length);
    }
    const lead = await this.read(ending, stored, delivery.tenantId);
    await this.save(lead, ending, delivery);
  }

  /** Undefined when the verdict is there already; the delivery is then marked and over. */
  private async load(ending: CallEnding, delivery: Delivery): Promise<Stored | undefined> {
    const { tenantId } = delivery;
    const { callId, conversationId } = ending;
    return this.database.inTenant(tenantId, async (tx) => {
      if (await this.leads.existsFor(tx, tenantId, callId, conversationId)) {
        if (await processOnce(tx, delivery)) leadAlreadyDecided(callId, conversationId);
        return undefined;
      }
      if (conversationId === '') return { utterances: [], fields: [] };
      const key = { tenantId, callId, conversationId };
      return {
        utterances: await this.transcripts.utterancesOf(tx, key),
        fields: await this.transcripts.fieldsOf(tx, key),
      };
    });
  }

  private async read(ending: CallEnding, stored: Stored, tenantId: string): Promise<Lead> {
    const profile = this.profiles.of(tenantId);
    const { utterances } = stored;
    const fields = mergeFields(stored.fields, ending.fields);
    const extraction = await inSpan('extract lead', {}, () =>
      this.extractor.extract({ utterances, summaryLanguage: profile.language }),
    );
    const answers = answersWithFields(extraction.answers, fields, normaliserFor(profile.region));
    const evidence: Evidence = { ...ending, utterances, fields, answers };
    return this.leadOf(ending, evidence, extraction, tenantId);
  }

  private leadOf(
    ending: CallEnding,
    evidence: Evidence,
    { extractedBy }: Extraction,
    tenantId: string,
  ): Lead {
    const { language } = this.profiles.of(tenantId);
    const verdict = decideQualification(evidence);
    const { answers } = evidence;
    return {
      ...answers,
      leadId: newId('ld'),
      tenantId,
      callId: ending.callId,
      conversationId: ending.conversationId,
      state: verdict.kind,
      category: verdict.category,
      ...(verdict.kind === 'qualified'
        ? { score: verdict.score, reasons: verdict.reasons, dismissalReason: undefined, explanation: '' }
        : { score: 0, reasons: [], dismissalReason: verdict.reason, explanation: verdict.explanation }),
      // The rules' summary was written before the captured fields were laid over what they read.
      summary: extractedBy === 'rules' ? summarise(answers, language) : answers.summary,
      toNumber: ending.toNumber,
      language: callerLanguage(evidence.utterances) ?? (ending.language || language),
      extractedBy,
      partial: ending.connected && isPartial(evidence),
      lastUtteranceSeq: ending.lastUtteranceSeq,
      createdAt: this.clock.now(),
    };
  }

  private async save(lead: Lead, ending: CallEnding, delivery: Delivery): Promise<void> {
    const decided = await this.database.inTenant(lead.tenantId, async (tx) => {
      if (!(await processOnce(tx, delivery))) return false;
      if (!(await this.leads.add(tx, lead))) return false;
      await sayVerdict(tx, this.keys, lead);
      return true;
    });
    if (!decided) leadAlreadyDecided(lead.callId, lead.conversationId);
    else if (lead.state === 'qualified') leadQualified(lead, this.sinceMs(ending));
    else leadDismissed(lead, this.sinceMs(ending));
  }

  private sinceMs({ endedAt }: CallEnding): number {
    return this.clock.now().getTime() - endedAt.getTime();
  }
}

import { Injectable } from '@nestjs/common';
import { TenantKeys } from '@tradeline/service-runtime';
import { FIELD_NAMES } from '../domain/captured-fields.js';
import type { CapturedField, FieldName } from '../domain/captured-fields.js';
import type { Utterance } from '../domain/transcript.js';
import type { LeadsTransaction } from './prisma.js';

/** Which conversation of whom. */
export interface ConversationKey {
  readonly tenantId: string;
  readonly callId: string;
  readonly conversationId: string;
}

const UTTERANCE_TEXT = 'utterances.text';
const FIELD_VALUE = 'captured_fields.value';

const isFieldName = (name: string): name is FieldName => (FIELD_NAMES as readonly string[]).includes(name);

/** What was said and captured. */
@Injectable()
export class TranscriptRepository {
  constructor(private readonly keys: TenantKeys) {}

  /** @returns false when this utterance was there already, from a second delivery or a second publisher. */
  async addUtterance(
    tx: LeadsTransaction,
    key: ConversationKey,
    utterance: Utterance,
    occurredAt: Date,
  ): Promise<boolean> {
    const cipher = await this.keys.cipherFor(tx, key.tenantId);
    const { count } = await tx.utterance.createMany({
      data: {
        ...key,
        seq: utterance.seq,
        speaker: utterance.speaker,
        text: cipher.seal(utterance.text, UTTERANCE_TEXT),
        language: utterance.language,
        startedAtMs: BigInt(utterance.startedAtMs),
        endedAtMs: BigInt(utterance.endedAtMs),
        interrupted: utterance.interrupted,
        occurredAt,
      },
      skipDuplicates: true,
    });
    return count === 1;
  }

  /** Keeps the value unless a later one is there: corrections win, whatever the order they arrive in. */
  async keepField(
    tx: LeadsTransaction,
    key: ConversationKey,
    field: CapturedField,
    capturedAt: Date,
  ): Promise<void> {
    const cipher = await this.keys.cipherFor(tx, key.tenantId);
    const { tenantId, conversationId, callId } = key;
    const values = {
      value: cipher.seal(field.value, FIELD_VALUE),
      utteranceSeq: field.utteranceSeq,
      readBack: field.readBack,
      capturedAt,
    };
    const identity = { tenantId, conversationId, name: field.name };
    const { count } = await tx.capturedField.createMany({
      data: { ...identity, callId, ...values },
      skipDuplicates: true,
    });
    if (count === 1) return;
    await tx.capturedField.updateMany({
      where: { ...identity, capturedAt: { lt: capturedAt } },
      data: values,
    });
  }

  /** In order. */
  async utterancesOf(tx: LeadsTransaction, key: ConversationKey): Promise<Utterance[]> {
    return this.utterances(tx, key.tenantId, { conversationId: key.conversationId });
  }

  /** In order; a call that was taken up again has a second conversation after the first. */
  async utterancesOfCall(tx: LeadsTransaction, tenantId: string, callId: string): Promise<Utterance[]> {
    return this.utterances(tx, tenantId, { callId });
  }

  async fieldsOf(tx: LeadsTransaction, key: ConversationKey): Promise<CapturedField[]> {
    return this.fields(tx, key.tenantId, { conversationId: key.conversationId });
  }

  async fieldsOfCall(tx: LeadsTransaction, tenantId: string, callId: string): Promise<CapturedField[]> {
    return this.fields(tx, tenantId, { callId });
  }

  private async utterances(
    tx: LeadsTransaction,
    tenantId: string,
    where: { conversationId: string } | { callId: string },
  ): Promise<Utterance[]> {
    const cipher = await this.keys.cipherFor(tx, tenantId);
    // Conversation ids sort by the time they were made.
    const rows = await tx.utterance.findMany({
      where: { tenantId, ...where },
      orderBy: [{ conversationId: 'asc' }, { seq: 'asc' }],
    });
    return rows.map((row) => ({
      seq: row.seq,
      speaker: row.speaker === 'caller' ? 'caller' : 'assistant',
      text: cipher.open(row.text, UTTERANCE_TEXT),
      language: row.language,
      startedAtMs: Number(row.startedAtMs),
      endedAtMs: Number(row.endedAtMs),
      interrupted: row.interrupted,
    }));
  }

  private async fields(
    tx: LeadsTransaction,
    tenantId: string,
    where: { conversationId: string } | { callId: string },
  ): Promise<CapturedField[]> {
    const cipher = await this.keys.cipherFor(tx, tenantId);
    const rows = await tx.capturedField.findMany({
      where: { tenantId, ...where },
      orderBy: { capturedAt: 'asc' },
    });
    return rows.flatMap((row) =>
      isFieldName(row.name)
        ? [
            {
              name: row.name,
              value: cipher.open(row.value, FIELD_VALUE),
              utteranceSeq: row.utteranceSeq,
              readBack: row.readBack,
            },
          ]
        : [],
    );
  }
}

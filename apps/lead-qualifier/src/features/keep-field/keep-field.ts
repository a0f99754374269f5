import { Injectable } from '@nestjs/common';
import type { FieldCaptured } from '@tradeline/contracts';
import { processOnce } from '@tradeline/messaging';
import type { Delivery } from '@tradeline/messaging';
import { PermanentFailure } from '@tradeline/service-runtime';
import { LeadsDatabase } from '../../database/prisma.js';
import { TranscriptRepository } from '../../database/transcript.repository.js';
import { capturedFieldOf } from '../../integrations/field-names.js';

/** Keeps each field as soon as it is captured, so that it outlives the bridge that captured it. */
@Injectable()
export class KeepField {
  constructor(
    private readonly database: LeadsDatabase,
    private readonly transcripts: TranscriptRepository,
  ) {}

  async keep(event: FieldCaptured, delivery: Delivery): Promise<void> {
    const { callId, conversationId } = event;
    if (!event.field || conversationId === '' || callId === '')
      throw new PermanentFailure('a captured field without its place');
    const field = capturedFieldOf(event.field);
    if (!field) return;
    const { tenantId, occurredAt } = delivery;
    await this.database.inTenant(tenantId, async (tx) => {
      if (!(await processOnce(tx, delivery))) return;
      await this.transcripts.keepField(tx, { tenantId, callId, conversationId }, field, occurredAt);
    });
  }
}

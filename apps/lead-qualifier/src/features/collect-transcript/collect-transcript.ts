import { Injectable } from '@nestjs/common';
import { Speaker } from '@tradeline/contracts';
import type { UtteranceTranscribed } from '@tradeline/contracts';
import { processOnce } from '@tradeline/messaging';
import type { Delivery } from '@tradeline/messaging';
import { PermanentFailure } from '@tradeline/service-runtime';
import { LeadsDatabase } from '../../database/prisma.js';
import { TranscriptRepository } from '../../database/transcript.repository.js';
import type { Utterance } from '../../domain/transcript.js';
import { unknownValueHeard } from '../../telemetry.js';

const utteranceOf = (event: UtteranceTranscribed): Utterance => {
  const { seq, speaker, text, language, startedAtMs, endedAtMs, interrupted } = event;
  if (event.conversationId === '' || event.callId === '' || seq < 1)
    throw new PermanentFailure('an utterance without its place');
  // Words of nobody known are kept as the assistant's: they must not count as something the caller said.
  if (speaker !== Speaker.CALLER && speaker !== Speaker.ASSISTANT) unknownValueHeard('speaker', speaker);
  return {
    seq,
    speaker: speaker === Speaker.CALLER ? 'caller' : 'assistant',
    text,
    language,
    startedAtMs: Number(startedAtMs),
    endedAtMs: Number(endedAtMs),
    interrupted,
  };
};

/** Stores each utterance once, by its place in the conversation. */
@Injectable()
export class CollectTranscript {
  constructor(
    private readonly database: LeadsDatabase,
    private readonly transcripts: TranscriptRepository,
  ) {}

  async add(event: UtteranceTranscribed, delivery: Delivery): Promise<void> {
    const utterance = utteranceOf(event);
    const { tenantId, occurredAt } = delivery;
    const { callId, conversationId } = event;
    await this.database.inTenant(tenantId, async (tx) => {
      if (!(await processOnce(tx, delivery))) return;
      await this.transcripts.addUtterance(tx, { tenantId, callId, conversationId }, utterance, occurredAt);
    });
  }
}

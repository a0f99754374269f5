import type { DescMessage } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { context } from '@opentelemetry/api';
import {
  ConversationEndedSchema,
  ConversationResult,
  ConversationStartedSchema,
  FieldCapturedSchema,
  FieldName,
  Speaker,
  UtteranceTranscribedSchema,
} from '@tradeline/contracts';
import type { EventInit, EventPublisher } from '@tradeline/messaging';
import { contextFromTraceparent, log } from '@tradeline/service-runtime';
import {
  type ConversationIds,
  ConversationJournal,
  type ConversationReport,
  type ProvenField,
} from '../../domain/conversation-journal.js';
import type { FieldKey } from '../../domain/conversation-state.js';
import type { Result } from '../../domain/conversation-verdict.js';
import type { Utterance } from '../../domain/transcript.js';

const FIELDS: Readonly<Record<FieldKey, FieldName>> = {
  caller_name: FieldName.CALLER_NAME,
  callback_number: FieldName.CALLBACK_NUMBER,
  email: FieldName.EMAIL,
  job_summary: FieldName.JOB_SUMMARY,
  preferred_datetime: FieldName.PREFERRED_DATETIME,
  consent_recording: FieldName.CONSENT_RECORDING,
  consent_sms_opt_in: FieldName.CONSENT_SMS_OPT_IN,
};

const RESULTS: Readonly<Record<Result, ConversationResult>> = {
  completed: ConversationResult.COMPLETED,
  silent_caller: ConversationResult.SILENT_CALLER,
  client_error: ConversationResult.CLIENT_ERROR,
  upstream_error: ConversationResult.UPSTREAM_ERROR,
  server_error: ConversationResult.SERVER_ERROR,
};

const wireField = ({ field, utteranceSeq }: ProvenField) => ({
  name: FIELDS[field.name],
  value: field.value,
  utteranceSeq,
  readBack: field.readBack,
});

interface Owed {
  pending: Set<Promise<void>>;
  lost: number;
}

/** Says on the bus what conversations bring forth. Without a database it publishes directly, off the audio path, and counts what it could not. */
export class PublishConversation extends ConversationJournal {
  private readonly owed = new Map<string, Owed>();

  constructor(private readonly publisher: Pick<EventPublisher, 'publish'>) {
    super();
  }

  started(ids: ConversationIds, language: string, adapter: string, traceparent: string | undefined): void {
    const { conversationId, callId, callSid } = ids;
    this.say(
      ConversationStartedSchema,
      { conversationId, callId, callSid, language, adapter },
      ids,
      traceparent,
    );
  }

  uttered(ids: ConversationIds, utterance: Utterance, traceparent: string | undefined): void {
    const { seq, text, language, startedAtMs, endedAtMs, interrupted } = utterance;
    this.say(
      UtteranceTranscribedSchema,
      {
        conversationId: ids.conversationId,
        callId: ids.callId,
        seq,
        speaker: utterance.speaker === 'caller' ? Speaker.CALLER : Speaker.ASSISTANT,
        text,
        language,
        startedAtMs: BigInt(Math.round(startedAtMs)),
        endedAtMs: BigInt(Math.round(endedAtMs)),
        interrupted,
      },
      ids,
      traceparent,
    );
  }

  captured(ids: ConversationIds, field: ProvenField, traceparent: string | undefined): void {
    const { conversationId, callId } = ids;
    this.say(FieldCapturedSchema, { conversationId, callId, field: wireField(field) }, ids, traceparent);
  }

  ended(ids: ConversationIds, report: ConversationReport, traceparent: string | undefined): void {
    const { timings, verdict } = report;
    const { reservedAt, streamStartedAt, modelReadyAt, modelConnectMs, turns, ...figures } = timings;
    this.say(
      ConversationEndedSchema,
      {
        conversationId: ids.conversationId,
        callId: ids.callId,
        callSid: ids.callSid,
        language: report.language,
        result: RESULTS[verdict.result],
        reason: verdict.reason,
        lastUtteranceSeq: report.lastUtteranceSeq,
        fields: report.fields.map(wireField),
        talkTimeMs: BigInt(report.talkTimeMs),
        fromNumber: report.fromNumber,
        toNumber: report.toNumber,
        adapter: report.adapter,
        timings: {
          ...figures,
          openaiConnectMs: modelConnectMs,
          turns: [...turns],
          reservedAt: timestampFromDate(reservedAt),
          ...(streamStartedAt && { twilioStartAt: timestampFromDate(streamStartedAt) }),
          ...(modelReadyAt && { openaiConnectAt: timestampFromDate(modelReadyAt) }),
          errorMessage:
            verdict.result === 'completed' || verdict.result === 'silent_caller' ? '' : verdict.reason,
        },
      },
      ids,
      traceparent,
    );
  }

  async settled(conversationId: string): Promise<number> {
    const owed = this.owed.get(conversationId);
    if (!owed) return 0;
    while (owed.pending.size > 0) await Promise.all(owed.pending);
    this.owed.delete(conversationId);
    return owed.lost;
  }

  private say<Desc extends DescMessage>(
    schema: Desc,
    init: EventInit<Desc>,
    ids: ConversationIds,
    traceparent: string | undefined,
  ): void {
    const { tenantId, conversationId } = ids;
    const owed = this.owed.get(conversationId) ?? { pending: new Set(), lost: 0 };
    this.owed.set(conversationId, owed);
    const published = context
      .with(contextFromTraceparent(traceparent), () =>
        this.publisher.publish(schema, init, { tenantId, occurredAt: new Date() }),
      )
      .catch((error: unknown) => {
        owed.lost += 1;
        log.error('conversation_event_lost', {
          tenantId,
          callId: ids.callId,
          conversationId,
          eventType: schema.typeName,
          error,
        });
      })
      .finally(() => owed.pending.delete(published));
    owed.pending.add(published);
  }
}

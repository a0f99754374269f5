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
  type Saying,
} from '../../domain/conversation-journal.js';
import type { KeptUtterance, SaidSoFar } from '../../domain/conversation-snapshots.js';
import type { FieldKey } from '../../domain/conversation-state.js';
import type { Result } from '../../domain/conversation-verdict.js';

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
  started: boolean;
  /** Utterances 1 to this one are on the bus, and those of `beyond`. */
  utterancesUpTo: number;
  beyond: Set<number>;
}

/**
 * Says on the bus what conversations bring forth. Without a database it publishes directly, off the audio path, and counts
 * what it could not. Event ids are made from what they tell, so that a bridge may say again what its predecessor may not have said.
 */
export class PublishConversation extends ConversationJournal {
  private readonly conversations = new Map<string, Owed>();

  constructor(private readonly publisher: Pick<EventPublisher, 'publish'>) {
    super();
  }

  started(ids: ConversationIds, language: string, adapter: string, saying: Saying): void {
    const { conversationId, callId, callSid } = ids;
    const init = { conversationId, callId, callSid, language, adapter };
    this.say(ConversationStartedSchema, init, ids, { ...saying, fact: 'started' }, (owed) => {
      owed.started = true;
    });
  }

  uttered(ids: ConversationIds, utterance: KeptUtterance, saying: Saying): void {
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
      { ...saying, fact: `utterance_${seq}` },
      (owed) => {
        owed.beyond.add(seq);
        while (owed.beyond.delete(owed.utterancesUpTo + 1)) owed.utterancesUpTo += 1;
      },
    );
  }

  captured(ids: ConversationIds, field: ProvenField, saying: Saying): void {
    const { conversationId, callId } = ids;
    this.say(FieldCapturedSchema, { conversationId, callId, field: wireField(field) }, ids, saying);
  }

  ended(ids: ConversationIds, report: ConversationReport, saying: Saying): void {
    const { timings, verdict } = report;
    const { reservedAt, streamStartedAt, modelReadyAt, modelConnectMs, turns, overlapMs, ...figures } =
      timings;
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
          overlapMs: BigInt(overlapMs),
          reservedAt: timestampFromDate(reservedAt),
          ...(streamStartedAt && { twilioStartAt: timestampFromDate(streamStartedAt) }),
          ...(modelReadyAt && { openaiConnectAt: timestampFromDate(modelReadyAt) }),
          errorMessage:
            verdict.result === 'completed' || verdict.result === 'silent_caller' ? '' : verdict.reason,
        },
      },
      ids,
      { ...saying, fact: 'ended' },
    );
  }

  resumed(conversationId: string, { started, utterancesUpTo }: SaidSoFar): void {
    Object.assign(this.owed(conversationId), { started, utterancesUpTo });
  }

  said(conversationId: string): SaidSoFar {
    const owed = this.conversations.get(conversationId);
    return { started: owed?.started ?? false, utterancesUpTo: owed?.utterancesUpTo ?? 0 };
  }

  async settled(conversationId: string): Promise<number> {
    const owed = this.conversations.get(conversationId);
    if (!owed) return 0;
    while (owed.pending.size > 0) await Promise.all(owed.pending);
    this.conversations.delete(conversationId);
    return owed.lost;
  }

  private owed(conversationId: string): Owed {
    const known = this.conversations.get(conversationId);
    if (known) return known;
    const owed: Owed = { pending: new Set(), lost: 0, started: false, utterancesUpTo: 0, beyond: new Set() };
    this.conversations.set(conversationId, owed);
    return owed;
  }

  /** @param saying with a `fact` that names it within its conversation, where it may be said twice */
  private say<Desc extends DescMessage>(
    schema: Desc,
    init: EventInit<Desc>,
    ids: ConversationIds,
    { traceparent, kept, fact }: Saying & { fact?: string },
    arrived: (owed: Owed) => void = () => undefined,
  ): void {
    const { tenantId, conversationId } = ids;
    const owed = this.owed(conversationId);
    const options = {
      tenantId,
      occurredAt: new Date(),
      ...(fact !== undefined && { eventId: `ev_${conversationId}_${fact}` }),
    };
    const published = kept
      .then(async (keeping) => {
        if (keeping === 'overtaken') return;
        await context.with(contextFromTraceparent(traceparent), () =>
          this.publisher.publish(schema, init, options),
        );
        arrived(owed);
      })
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

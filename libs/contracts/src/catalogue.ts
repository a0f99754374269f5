import type { DescMessage } from '@bufbuild/protobuf';
import { ReserveRequestSchema } from './generated/bridge/v1/bridge_queries_pb.js';
import {
  CallAnsweredSchema,
  CallDeclinedSchema,
  CallEndedSchema,
} from './generated/calls/v1/call_events_pb.js';
import {
  ConversationEndedSchema,
  ConversationStartedSchema,
  FieldCapturedSchema,
  UtteranceTranscribedSchema,
} from './generated/conversations/v1/conversation_events_pb.js';
import { LeadDismissedSchema, LeadQualifiedSchema } from './generated/leads/v1/lead_events_pb.js';
import {
  GetLeadRequestSchema,
  GetTranscriptRequestSchema,
  ListLeadsRequestSchema,
} from './generated/leads/v1/lead_queries_pb.js';
import { VoiceHealthChangedSchema } from './generated/metrics/v1/metrics_events_pb.js';
import {
  GetStreamLogRequestSchema,
  GetVoiceHealthRequestSchema,
} from './generated/metrics/v1/metrics_queries_pb.js';
import {
  LeadAlertDeliveredSchema,
  LeadAlertFailedSchema,
  LeadCrmSyncFailedSchema,
  LeadSyncedToCrmSchema,
} from './generated/notifications/v1/notification_events_pb.js';
import {
  ListConnectionsRequestSchema,
  ListDeliveriesRequestSchema,
  PutConnectionRequestSchema,
  ReplayDeliveryRequestSchema,
} from './generated/notifications/v1/notification_queries_pb.js';
import {
  GetCallRequestSchema,
  ListCallsRequestSchema,
} from './generated/telephony/v1/telephony_queries_pb.js';
import {
  AlertSettingsChangedSchema,
  AssistantProfileChangedSchema,
  PhoneNumbersChangedSchema,
} from './generated/tenants/v1/tenant_events_pb.js';

/** What a service does when it hears an event; named as a sentence, one durable consumer each. */
export interface Reaction {
  readonly event: DescMessage;
  readonly reaction: string;
}

/** All that a service may do on the bus. Permissions, streams, consumers and docs/events.md follow from it. */
export interface BusRole {
  /** Events it publishes. */
  readonly says: readonly DescMessage[];
  /** Events it reacts to, durably, at least once. */
  readonly hears: readonly Reaction[];
  /** Settings it reads whole at start and follows. */
  readonly settings: readonly DescMessage[];
  /** Events it shows live and forgets; nothing is owed when it misses one. */
  readonly watches: readonly DescMessage[];
  /** Questions it answers, by their request message. */
  readonly answers: readonly DescMessage[];
  /** Questions it asks. */
  readonly asks: readonly DescMessage[];
  /** May tell or hear bridge heartbeats. */
  readonly presence: 'tells' | 'hears' | 'none';
  /** May keep live conversation snapshots in the key-value bucket. */
  readonly snapshots: boolean;
  /** May make, or only read, the sound of fixed phrases. */
  readonly phrases: 'makes' | 'reads' | 'none';
}

export const SERVICES = [
  'telephony-gateway',
  'realtime-bridge',
  'lead-qualifier',
  'notifier',
  'metrics-aggregator',
  'tenant-gateway',
] as const;

export type ServiceName = (typeof SERVICES)[number];

/** Snapshots of live conversations, one key per conversation; the time-to-live runs from the last write. */
export const SNAPSHOT_BUCKET = {
  name: 'conversation-snapshots',
  ttlMs: 15 * 60_000,
  maxBytes: 64 << 20,
} as const;

const DAY_MS = 24 * 60 * 60_000;

/**
 * The sound of fixed phrases, µ-law, one key for each voice and text, and which of them are a tenant's. What nobody has used
 * for so long fades; whoever uses it writes it again in time.
 */
export const PHRASE_BUCKET = { name: 'spoken-phrases', ttlMs: 60 * DAY_MS, maxBytes: 256 << 20 } as const;

/** Which instance is making a phrase; a claim fades by itself, so that a dead instance keeps nobody from it. */
export const PHRASE_CLAIM_BUCKET = { name: 'phrase-claims', ttlMs: 60_000, maxBytes: 1 << 20 } as const;

const none = {
  says: [],
  hears: [],
  settings: [],
  watches: [],
  answers: [],
  asks: [],
  presence: 'none',
  snapshots: false,
  phrases: 'none',
} as const;

export const catalogue: Readonly<Record<ServiceName, BusRole>> = {
  'telephony-gateway': {
    ...none,
    says: [CallAnsweredSchema, CallDeclinedSchema, CallEndedSchema],
    settings: [PhoneNumbersChangedSchema, AssistantProfileChangedSchema],
    answers: [ListCallsRequestSchema, GetCallRequestSchema],
    asks: [ReserveRequestSchema],
    presence: 'hears',
    phrases: 'reads',
  },
  'realtime-bridge': {
    ...none,
    says: [
      ConversationStartedSchema,
      UtteranceTranscribedSchema,
      FieldCapturedSchema,
      ConversationEndedSchema,
    ],
    settings: [AssistantProfileChangedSchema],
    answers: [ReserveRequestSchema],
    presence: 'tells',
    snapshots: true,
    phrases: 'makes',
  },
  'lead-qualifier': {
    ...none,
    says: [LeadQualifiedSchema, LeadDismissedSchema],
    hears: [
      { event: UtteranceTranscribedSchema, reaction: 'collect-transcript-when-utterance-transcribed' },
      { event: FieldCapturedSchema, reaction: 'keep-field-when-field-captured' },
      { event: ConversationEndedSchema, reaction: 'qualify-lead-when-conversation-ended' },
      { event: CallEndedSchema, reaction: 'qualify-lead-when-call-ended' },
    ],
    settings: [AssistantProfileChangedSchema],
    answers: [ListLeadsRequestSchema, GetLeadRequestSchema, GetTranscriptRequestSchema],
  },
  notifier: {
    ...none,
    says: [LeadAlertDeliveredSchema, LeadAlertFailedSchema, LeadSyncedToCrmSchema, LeadCrmSyncFailedSchema],
    hears: [
      { event: LeadQualifiedSchema, reaction: 'alert-owner-when-lead-qualified' },
      { event: LeadQualifiedSchema, reaction: 'sync-crm-when-lead-qualified' },
      { event: LeadDismissedSchema, reaction: 'mail-dismissed-call-when-lead-dismissed' },
    ],
    settings: [AlertSettingsChangedSchema],
    answers: [
      ListDeliveriesRequestSchema,
      ReplayDeliveryRequestSchema,
      PutConnectionRequestSchema,
      ListConnectionsRequestSchema,
    ],
    asks: [GetLeadRequestSchema, GetTranscriptRequestSchema, GetCallRequestSchema],
  },
  'metrics-aggregator': {
    ...none,
    says: [VoiceHealthChangedSchema],
    hears: [
      { event: ConversationEndedSchema, reaction: 'record-stream-when-conversation-ended' },
      { event: CallEndedSchema, reaction: 'record-call-when-call-ended' },
      { event: LeadQualifiedSchema, reaction: 'record-lead-when-lead-qualified' },
      { event: LeadDismissedSchema, reaction: 'record-lead-when-lead-dismissed' },
    ],
    answers: [GetVoiceHealthRequestSchema, GetStreamLogRequestSchema],
  },
  'tenant-gateway': {
    ...none,
    says: [PhoneNumbersChangedSchema, AssistantProfileChangedSchema, AlertSettingsChangedSchema],
    watches: [
      CallAnsweredSchema,
      CallDeclinedSchema,
      CallEndedSchema,
      ConversationStartedSchema,
      UtteranceTranscribedSchema,
      FieldCapturedSchema,
      ConversationEndedSchema,
      LeadQualifiedSchema,
      LeadDismissedSchema,
      LeadAlertDeliveredSchema,
      LeadAlertFailedSchema,
      LeadSyncedToCrmSchema,
      LeadCrmSyncFailedSchema,
      VoiceHealthChangedSchema,
    ],
    asks: [
      ListCallsRequestSchema,
      GetCallRequestSchema,
      ListLeadsRequestSchema,
      GetLeadRequestSchema,
      GetTranscriptRequestSchema,
      ListDeliveriesRequestSchema,
      ReplayDeliveryRequestSchema,
      PutConnectionRequestSchema,
      ListConnectionsRequestSchema,
      GetVoiceHealthRequestSchema,
      GetStreamLogRequestSchema,
    ],
  },
};

import { counter, histogramMs, log } from '@tradeline/service-runtime';
import type { ConversationReport } from './domain/conversation-journal.js';
import type { ConversationSnapshot } from './domain/conversation-snapshots.js';
import type { Reservation } from './domain/reservations.js';
import type { LoopMeasurement } from './domain/work-load.js';
import type { StreamCounters } from './media/stream-counters.js';

const reservations = counter('bridge.reservations', 'Reservations by outcome');
const unclaimed = counter(
  'bridge.reservations.unclaimed',
  'Sessions opened for callers whose stream never came',
);
const refusedStreams = counter('bridge.streams.refused', 'Media streams refused before they became a call');
const conversations = counter('bridge.conversations', 'Conversations closed, by verdict');
const resumed = counter('bridge.conversations.resumed', 'Conversations gone on with from another bridge');
const left = counter('bridge.conversations.left', 'Conversations that another bridge has or is to have');
const problems = counter('bridge.model.problems', "Errors of the model's side, by severity");
const renewals = counter(
  'bridge.model.renewals',
  'Sessions that another took over from before their time was up',
);
const replacements = counter('bridge.model.replacements', 'Sessions lost in mid-call and replaced, by fault');
const conditions = counter(
  'bridge.media.conditions',
  'Calls fallen silent though connected, and loop delays, by condition',
);
const bargeIns = counter('bridge.barge_ins', 'Interruptions by callers');
const phrases = counter('bridge.phrases', 'Fixed phrases made into sound, by outcome');
const falseInterruptions = counter(
  'bridge.false_interruptions',
  'Sentences resumed after a sound that was no turn',
);
const handshake = histogramMs('bridge.handshake', 'Webhook received to media stream ready both ways');
const modelConnect = histogramMs('bridge.model_connect', "Reservation to the model's session ready");
const greeting = histogramMs('bridge.greeting', "Stream's start to first greeting audio out");
const firstByte = histogramMs('bridge.first_byte', "End of the caller's turn declared to first audio out");
const heardGap = histogramMs('bridge.heard_gap', "Caller's last speech to the answer heard");

const idsOf = ({ tenantId, callId, conversationId, id }: Reservation) => ({
  tenantId,
  callId,
  conversationId,
  reservationId: id,
});

export const reserved = (reservation: Reservation): void => {
  reservations.add(1, { outcome: 'accepted' });
  log.info('reservation_held', idsOf(reservation));
};

export const reservationRefused = (tenantId: string, callId: string, refusal: string): void => {
  reservations.add(1, { outcome: refusal });
  log.warn('reservation_refused', { tenantId, callId, refusal });
};

export const reservationUnclaimed = (reservation: Reservation): void => {
  unclaimed.add(1);
  log.warn('reservation_unclaimed', idsOf(reservation));
};

/** A stream that was no call's: wrong signature, unknown or taken reservation, wrong token. */
export const streamRefused = (why: string, reservation?: Reservation): void => {
  refusedStreams.add(1, { why });
  log.warn('stream_refused', { why, result: 'client_error', ...(reservation && idsOf(reservation)) });
};

export const modelProblem = (reservation: Reservation, code: string, severity: string): void => {
  problems.add(1, { severity });
  log.warn('model_problem', { ...idsOf(reservation), code, severity });
};

/** A call has gone over to its next session in time. */
export const sessionRenewed = (): void => renewals.add(1);

/** A session was lost in mid-call; the call's own log line is the `model_problem` that goes with it. */
export const sessionReplaced = (fault: string): void => replacements.add(1, { fault });

/** A model in use will be gone before long. */
export const modelShutsDownSoon = (
  model: string,
  shutsDown: string,
  daysLeft: number,
  instead = '',
): void => {
  log.warn('model_shuts_down_soon', { model, shutsDown, daysLeft, instead });
};

/** A tenant has chosen a model that is gone. */
export const modelIsGone = (model: string, instead: string): void => {
  log.warn('model_is_gone', { model, instead });
};

/** A tenant has chosen a way of speaking for which this installation has no key. */
export const adapterUnavailable = (adapter: string): void => {
  log.warn('model_adapter_unavailable', { adapter, cure: 'Set ELEVENLABS_API_KEY.' });
};

/** A call has fallen silent though everybody is connected; the watchdog does what it can. */
export const mediaCondition = (
  reservation: Reservation,
  condition: 'no_caller_frames' | 'model_deaf',
): void => {
  conditions.add(1, { condition });
  log.warn(condition, idsOf(reservation));
};

/** The event loop was late by more than a caller can miss. */
export const eventLoopLags = (): void => conditions.add(1, { condition: 'event_loop_lag' });

export const eventLoopLagged = ({ use, lagMs }: LoopMeasurement, calls: number, full: boolean): void => {
  log.warn('event_loop_lag', { lagMs: Math.round(lagMs), use: Math.round(use * 100) / 100, calls, full });
};

/** A fixed phrase has been made into sound. */
export const phraseMade = (tenantId: string, phrase: string): void => {
  phrases.add(1, { outcome: 'made' });
  log.info('phrase_made', { tenantId, phrase });
};

/** The model does not say a phrase as it stands; it will say it in the call, in its own way. */
export const phraseLeft = (tenantId: string, phrase: string): void => {
  phrases.add(1, { outcome: 'left' });
  log.warn('phrase_left_to_the_model', { tenantId, phrase });
};

/** The model could not be asked for phrases; it will be, later. */
export const phrasesNotMade = (tenantId: string, fault: string): void => {
  phrases.add(1, { outcome: 'failed' });
  log.warn('phrases_not_made', { tenantId, fault });
};

/** A mistake of ours: the call it happened in is ended. */
export const callFailed = (reservation: Reservation, error: unknown): void => {
  log.error('call_failed', { ...idsOf(reservation), error });
};

/** A bridge goes on with what another has begun. */
export const conversationResumed = (
  reservation: Reservation,
  earlier: ConversationSnapshot,
  handshakeMs: number,
): void => {
  resumed.add(1);
  log.info('conversation_resumed', {
    ...idsOf(reservation),
    takeovers: earlier.takeovers + 1,
    utterances: earlier.lastUtteranceSeq,
    fields: earlier.fields.length,
    released: earlier.phase === 'released',
    handshakeMs,
  });
};

/** This stream is over and its conversation is not: another bridge has it, or is to have it. */
export const conversationLeft = (reservation: Reservation, why: 'overtaken' | 'released'): void => {
  left.add(1, { why });
  log.info('conversation_left', { ...idsOf(reservation), why });
};

/** The one line that closes each call. */
export const conversationClosed = (
  reservation: Reservation,
  report: ConversationReport,
  counters: StreamCounters,
  eventsLost: number,
): void => {
  const { verdict, timings } = report;
  conversations.add(1, { result: verdict.result });
  if (counters.bargeIns > 0) bargeIns.add(counters.bargeIns);
  if (counters.falseInterruptions > 0) falseInterruptions.add(counters.falseInterruptions);
  if (timings.handshakeMs > 0) handshake.record(timings.handshakeMs);
  if (timings.modelConnectMs > 0) modelConnect.record(timings.modelConnectMs);
  if (timings.greetingMs > 0) greeting.record(timings.greetingMs);
  for (const turn of timings.turns) {
    firstByte.record(turn.firstByteMs);
    if (turn.heardGapMs > 0) heardGap.record(turn.heardGapMs);
  }
  const { turns, ...figures } = timings;
  log.info('conversation_closed', {
    ...idsOf(reservation),
    result: verdict.result,
    reason: verdict.reason,
    adapter: report.adapter,
    language: report.language,
    utterances: report.lastUtteranceSeq,
    fields: report.fields.length,
    talkTimeMs: report.talkTimeMs,
    ...figures,
    turns: turns.length,
    turnTimings: turns,
    media: { ...counters },
    eventsLost,
  });
};

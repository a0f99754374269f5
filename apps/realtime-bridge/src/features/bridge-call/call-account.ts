import type { ConversationReport } from '../../domain/conversation-journal.js';
import {
  type ConversationSnapshot,
  type KeptUtterance,
  latestWithinBound,
  type SaidSoFar,
} from '../../domain/conversation-snapshots.js';
import type { Verdict } from '../../domain/conversation-verdict.js';
import type { Reservation } from '../../domain/reservations.js';
import type { Utterance } from '../../domain/transcript.js';
import type { LatencyProbe } from '../../media/latency-probe.js';
import type { StreamCounters } from '../../media/stream-counters.js';
import type { Conversation } from './conversation.js';

export interface AccountSources {
  readonly reservation: Reservation;
  readonly conversation: Conversation;
  readonly probe: LatencyProbe;
  readonly counters: StreamCounters;
  /** What an earlier stream of this conversation has left. */
  readonly earlier: ConversationSnapshot | undefined;
}

const dateOf = (ms: number | undefined): Date | undefined => (ms === undefined ? undefined : new Date(ms));

/**
 * What is to be told of a call: to the bridge that may have to go on with it, and to everybody at its end. It covers the whole
 * conversation: how its stream came about is the first stream's story, and what was counted is all streams' sum.
 */
export class CallAccount {
  private utterances: KeptUtterance[];
  private streamStartedAt: Date | undefined;
  private modelReadyAt: Date | undefined;

  constructor(private readonly sources: AccountSources) {
    this.utterances = [...(sources.earlier?.utterances ?? [])];
  }

  streamStarted(at: Date): void {
    this.streamStartedAt = at;
  }

  modelReady(at: Date): void {
    this.modelReadyAt = at;
  }

  get isModelReady(): boolean {
    return this.modelReadyAt !== undefined;
  }

  get takeovers(): number {
    const { earlier } = this.sources;
    return earlier ? earlier.takeovers + 1 : 0;
  }

  add({ itemId: _, ...utterance }: Utterance): void {
    this.utterances = latestWithinBound([...this.utterances, utterance]);
  }

  snapshot(phase: ConversationSnapshot['phase'], said: SaidSoFar): ConversationSnapshot {
    const { reservation, conversation } = this.sources;
    const { reservedAt, streamStartedAt, modelReadyAt, takeovers, ...measured } = this.timings();
    return {
      tenantId: reservation.tenantId,
      callId: reservation.callId,
      phase,
      takeovers,
      language: conversation.language.current,
      fields: this.fields().map(({ field: { name, value, readBack }, utteranceSeq }) => ({
        name,
        value,
        readBack,
        utteranceSeq,
      })),
      lastUtteranceSeq: conversation.record.transcript.lastSeq,
      utterances: this.utterances,
      callerSpoke: conversation.record.callerSpoke,
      said,
      figures: {
        ...measured,
        reservedAt: reservedAt.getTime(),
        streamStartedAt: streamStartedAt?.getTime(),
        modelReadyAt: modelReadyAt?.getTime(),
        talkTimeMs: conversation.record.caller.totalMs,
      },
    };
  }

  report(verdict: Verdict): ConversationReport {
    const { reservation, conversation } = this.sources;
    return {
      language: conversation.language.current,
      adapter: reservation.session.adapter,
      verdict,
      lastUtteranceSeq: conversation.record.transcript.lastSeq,
      fields: this.fields(),
      talkTimeMs: conversation.record.caller.totalMs,
      fromNumber: reservation.fromNumber,
      toNumber: reservation.toNumber,
      timings: this.timings(),
    };
  }

  private fields(): ConversationReport['fields'] {
    const { state, record } = this.sources.conversation;
    return state
      .all()
      .map((field) => ({ field, utteranceSeq: record.transcript.seqOf(field.evidenceItemId) }));
  }

  private timings(): ConversationReport['timings'] {
    const { reservation, conversation, probe, counters, earlier } = this.sources;
    const { handshakeMs, modelConnectMs, greetingMs } = earlier?.figures ?? probe;
    return {
      reservedAt: dateOf(earlier?.figures.reservedAt) ?? reservation.reservedAt,
      streamStartedAt: dateOf(earlier?.figures.streamStartedAt) ?? this.streamStartedAt,
      modelReadyAt: dateOf(earlier?.figures.modelReadyAt) ?? this.modelReadyAt,
      handshakeMs,
      modelConnectMs,
      greetingMs,
      turns: probe.turns,
      messagesIn: counters.messagesIn,
      messagesOut: counters.messagesOut,
      silenceNudges: conversation.nudges,
      bargeIns: counters.bargeIns,
      truncations: counters.truncations,
      falseInterruptions: counters.falseInterruptions,
      overlapMs: counters.overlapMs,
      modelErrors: counters.modelErrors,
      takeovers: this.takeovers,
    };
  }
}

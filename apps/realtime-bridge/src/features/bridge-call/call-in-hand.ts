import { type StreamStart, verifyStreamToken } from '@tradeline/twilio';
import type { WebSocket } from 'ws';
import type { Clock } from '../../domain/clock.js';
import type {
  ConversationJournal,
  ConversationReport,
  ProvenField,
} from '../../domain/conversation-journal.js';
import type { ConversationSnapshots } from '../../domain/conversation-snapshots.js';
import type { Captured } from '../../domain/conversation-state.js';
import { type Ending, type Verdict, verdictOf } from '../../domain/conversation-verdict.js';
import type { ModelEvent } from '../../domain/model-session.js';
import { PlaybackLedger } from '../../domain/playback-ledger.js';
import type { Reservation } from '../../domain/reservations.js';
import type { Utterance } from '../../domain/transcript.js';
import { EarlyFrames } from '../../media/early-frames.js';
import { LatencyProbe } from '../../media/latency-probe.js';
import { MediaTimeline } from '../../media/media-timeline.js';
import { PacedSpeaker } from '../../media/paced-speaker.js';
import { SocketPressure } from '../../media/socket-pressure.js';
import { StreamCounters } from '../../media/stream-counters.js';
import { callFailed, conversationClosed, modelProblem, streamRefused } from '../../telemetry.js';
import { CallSpans } from './call-spans.js';
import { Conversation } from './conversation.js';
import { FieldProofs } from './field-proofs.js';
import { GuardedClock } from './guarded-clock.js';
import { PhoneLine } from './phone-line.js';

/** The caller's last words are worth this much waiting after the line is dropped; the caller is not kept waiting by it. */
export const LAST_WORDS_PATIENCE_MS = 2_000;
/** Long before the snapshot would fade from its bucket. */
const SNAPSHOT_REFRESH_MS = 5 * 60_000;

export interface CallSurroundings {
  readonly clock: Clock;
  readonly journal: ConversationJournal;
  readonly snapshots: ConversationSnapshots;
  readonly streamTokenSecret: string;
  /** The reservation's place may be used again. */
  release(reservation: Reservation): void;
  /** The stream could not prove its right to the reservation, which still waits for the rightful one. */
  giveBack(reservation: Reservation): void;
}

/** One call from its stream's handshake to its verdict: wires the stages of the audio path to the conversation. */
export class CallInHand {
  /** Settles when the call is closed and all that it said is on the bus. */
  readonly closed: Promise<void>;
  private readonly counters = new StreamCounters();
  private readonly ledger = new PlaybackLedger();
  private readonly timeline = new MediaTimeline();
  private readonly clock: Clock;
  private readonly spans: CallSpans;
  private readonly probe: LatencyProbe;
  private readonly line: PhoneLine;
  private readonly speaker: PacedSpeaker;
  private readonly early: EarlyFrames;
  private readonly conversation: Conversation;
  private readonly proofs: FieldProofs;
  private readonly modelPressure: SocketPressure;
  private settleClosed!: () => void;
  private streamStartedAt: Date | undefined;
  private modelReadyAt: Date | undefined;
  private cancelRefresh: () => void = () => undefined;
  private lastWords: (() => void) | undefined;
  private isOver = false;

  constructor(
    socket: WebSocket,
    private readonly reservation: Reservation,
    private readonly around: CallSurroundings,
  ) {
    const clock = new GuardedClock(around.clock, (run) => this.guard(run));
    const { session } = reservation;
    this.clock = clock;
    this.closed = new Promise((resolve) => (this.settleClosed = resolve));
    this.spans = new CallSpans(reservation);
    this.probe = new LatencyProbe(reservation.reservedAtMs, reservation.webhookAgeMs, (turn) =>
      this.spans.measured(turn),
    );
    this.line = new PhoneLine(socket, clock, this.counters, {
      started: (start) => this.guard(() => this.streamStarted(start)),
      media: (payload, timestampMs) => this.guard(() => this.callerAudio(payload, timestampMs)),
      mark: (name) => this.guard(() => this.markEchoed(name)),
      digit: () => (this.counters.digits += 1),
      stopped: () => this.guard(() => this.end({ by: 'caller', how: 'hung_up' })),
      broken: (fault) => this.guard(() => this.end({ by: 'stream', fault })),
    });
    this.speaker = new PacedSpeaker(this.ledger, clock, this.line, {
      onSent: (itemId, mark, bytes) => {
        this.probe.sent(mark, bytes, clock.nowMs());
        this.conversation.leaves(itemId);
      },
      onMarksMissing: () => {
        this.counters.marksMissing += 1;
        this.conversation.heardMore();
      },
    });
    this.modelPressure = new SocketPressure(
      () => session.bufferedBytes,
      () => this.end({ by: 'model', fault: 'not_reading' }),
    );
    this.early = new EarlyFrames((audio) => {
      this.counters.framesToModel += 1;
      session.append(audio);
      this.modelPressure.watch();
    });
    this.conversation = new Conversation(
      {
        reservation,
        clock,
        ledger: this.ledger,
        speaker: this.speaker,
        timeline: this.timeline,
        probe: this.probe,
        counters: this.counters,
      },
      {
        uttered: (utterance) => this.uttered(utterance),
        captured: (field) => this.captured(field),
        turnBegan: () => this.spans.turnBegan(),
        turnEnded: () => this.spans.turnEnded(),
        problem: (code, severity) => modelProblem(reservation, code, severity),
        over: (ending) => this.end(ending),
      },
    );
    this.proofs = new FieldProofs(clock, this.conversation.record.transcript, (field) =>
      this.publishField(field),
    );
  }

  /** Ends the call from outside, e.g. when the process has to go. */
  end(ending: Ending): void {
    if (this.isOver) return;
    this.isOver = true;
    this.cancelRefresh();
    const waitsForWords = this.conversation.stop();
    this.line.close(ending.by === 'stream' ? ending.fault : undefined);
    const verdict = (): Verdict => verdictOf(ending, this.conversation.record.callerSpoke);
    if (!waitsForWords || ending.by === 'model' || this.modelReadyAt === undefined)
      return this.close(verdict());
    const cancel = this.clock.after(LAST_WORDS_PATIENCE_MS, () => this.lastWords?.());
    this.lastWords = () => {
      this.lastWords = undefined;
      cancel();
      this.close(verdict());
    };
  }

  /** A mistake of ours ends the call it happened in, and no other. */
  private guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      callFailed(this.reservation, error);
      try {
        this.end({ by: 'us', fault: 'internal_error' });
      } catch (again) {
        callFailed(this.reservation, again);
        this.abandon();
      }
    }
  }

  /** Even the orderly end has failed: lets go of everything that others could miss. */
  private abandon(): void {
    this.line.close();
    this.reservation.session.close();
    this.around.release(this.reservation);
    this.settleClosed();
  }

  private streamStarted(start: StreamStart): void {
    const { callSid, id } = this.reservation;
    const { clock, around } = this;
    const nowMs = clock.now().getTime();
    const claims = { callSid: start.callSid, reservationId: id };
    const proof =
      start.callSid === callSid
        ? verifyStreamToken(around.streamTokenSecret, claims, start.customParameters['token'], nowMs).kind
        : 'stolen';
    if (proof !== 'ok') return this.refuse(`token_${proof}`);
    this.streamStartedAt = clock.now();
    this.probe.streamStarted(clock.nowMs());
    this.reservation.session.listen((event) => this.guard(() => this.modelSays(event)));
  }

  /** Not this reservation's caller: nothing is said to it, and the place goes on waiting for the rightful one. */
  private refuse(why: string): void {
    this.isOver = true;
    this.line.close(why);
    this.spans.close('client_error', why).end();
    streamRefused(why, this.reservation);
    this.around.giveBack(this.reservation);
    this.settleClosed();
  }

  private callerAudio(payload: string, timestampMs: number): void {
    if (this.isOver) return;
    this.timeline.frame(payload, timestampMs, this.clock.nowMs());
    if (!this.early.push(payload)) this.end({ by: 'model', fault: 'connect_timeout' });
  }

  private markEchoed(name: string): void {
    if (this.isOver) return;
    this.probe.heard(name, this.clock.nowMs());
    if (this.speaker.echoed(name) === 'played') this.conversation.heardMore();
  }

  private modelSays(event: ModelEvent): void {
    if (event.type === 'ready') this.bothReady(event.atMs, event.at);
    this.conversation.hear(event);
    if (this.lastWords && this.conversation.record.transcript.isComplete) this.lastWords();
  }

  private bothReady(atMs: number, at: Date): void {
    if (this.isOver) return;
    this.modelReadyAt = at;
    this.probe.modelReady(atMs);
    this.spans.streamReady();
    this.around.journal.started(
      this.reservation,
      this.conversation.language.current,
      this.reservation.session.adapter,
      this.spans.traceparent,
    );
    // The greeting is asked for before the caller's kept frames go out, so that it is the first thing the model is busy with.
    this.conversation.begin();
    this.counters.earlyFrames = this.early.release();
    this.keepSnapshot();
  }

  private uttered(utterance: Utterance): void {
    this.around.journal.uttered(this.reservation, utterance, this.spans.traceparent);
    this.proofs.transcriptMoved();
  }

  private captured(field: Captured): void {
    this.spans.captured(field.name);
    this.proofs.add(field);
    this.keepSnapshot();
  }

  private publishField(field: ProvenField): void {
    this.around.journal.captured(this.reservation, field, this.spans.traceparent);
  }

  /** Kept at each capture and refreshed in between, because the bucket forgets what was not written for a while. */
  private keepSnapshot(): void {
    const { conversationId, tenantId, callId } = this.reservation;
    this.around.snapshots.keep(conversationId, {
      tenantId,
      callId,
      language: this.conversation.language.current,
      fields: this.conversation.state.all(),
      lastUtteranceSeq: this.conversation.record.transcript.lastSeq,
    });
    this.cancelRefresh();
    this.cancelRefresh = this.clock.after(SNAPSHOT_REFRESH_MS, () => this.keepSnapshot());
  }

  private close(verdict: Verdict): void {
    const { journal, snapshots } = this.around;
    this.conversation.record.close();
    this.proofs.close();
    this.reservation.session.close();
    this.around.release(this.reservation);
    this.probe.close();
    const report = this.report(verdict);
    const span = this.spans.close(verdict.result, verdict.reason);
    journal.ended(this.reservation, report, this.spans.traceparentOf(span));
    void Promise.all([
      journal.settled(this.reservation.conversationId),
      snapshots.forget(this.reservation.conversationId),
    ]).then(([lost]) => {
      span.end();
      conversationClosed(this.reservation, report, this.counters, lost);
      this.settleClosed();
    });
  }

  private report(verdict: Verdict): ConversationReport {
    const { probe, counters, conversation, reservation } = this;
    return {
      language: conversation.language.current,
      adapter: reservation.session.adapter,
      verdict,
      lastUtteranceSeq: conversation.record.transcript.lastSeq,
      fields: conversation.state.all().map((field) => ({
        field,
        utteranceSeq: conversation.record.transcript.seqOf(field.evidenceItemId),
      })),
      talkTimeMs: conversation.record.caller.totalMs,
      fromNumber: reservation.fromNumber,
      toNumber: reservation.toNumber,
      timings: {
        reservedAt: reservation.reservedAt,
        streamStartedAt: this.streamStartedAt,
        modelReadyAt: this.modelReadyAt,
        handshakeMs: probe.handshakeMs,
        modelConnectMs: probe.modelConnectMs,
        greetingMs: probe.greetingMs,
        turns: probe.turns,
        messagesIn: counters.messagesIn,
        messagesOut: counters.messagesOut,
        silenceNudges: conversation.nudges,
        bargeIns: counters.bargeIns,
        truncations: counters.truncations,
      },
    };
  }
}

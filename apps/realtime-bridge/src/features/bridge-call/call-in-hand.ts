import { type StreamStart, verifyStreamToken } from '@tradeline/twilio';
import type { Clock } from '../../domain/clock.js';
import type { ConversationJournal } from '../../domain/conversation-journal.js';
import type { ConversationSnapshot, SnapshotPen } from '../../domain/conversation-snapshots.js';
import { type Ending, type Verdict, verdictOf } from '../../domain/conversation-verdict.js';
import type { ModelEvent } from '../../domain/model-session.js';
import { isStandIn } from '../../domain/own-speech.js';
import type { PhraseAudio } from '../../domain/phrase-audio.js';
import { PlaybackLedger } from '../../domain/playback-ledger.js';
import type { Reservation } from '../../domain/reservations.js';
import type { WorkLoad } from '../../domain/work-load.js';
import { EarlyFrames } from '../../media/early-frames.js';
import { FrameCoalescer } from '../../media/frame-coalescer.js';
import { LatencyProbe } from '../../media/latency-probe.js';
import { MediaTimeline } from '../../media/media-timeline.js';
import type { MediaWatchdog } from '../../media/media-watchdog.js';
import { PacedSpeaker } from '../../media/paced-speaker.js';
import { SocketPressure } from '../../media/socket-pressure.js';
import { StreamCounters } from '../../media/stream-counters.js';
import type { TextSocket } from '../../media/web-socket/text-socket.js';
import {
  callFailed,
  conversationClosed,
  conversationLeft,
  conversationResumed,
  modelProblem,
  streamRefused,
} from '../../telemetry.js';
import { CallAccount } from './call-account.js';
import { CallChronicle } from './call-chronicle.js';
import { CallSpans } from './call-spans.js';
import { Conversation } from './conversation.js';
import { GuardedClock } from './guarded-clock.js';
import { PhoneLine } from './phone-line.js';
import { watchMedia } from './watched-media.js';

/** The caller's last words are worth this much waiting after the line is dropped; the caller is not kept waiting by it. */
export const LAST_WORDS_PATIENCE_MS = 2_000;

export interface CallSurroundings {
  readonly clock: Clock;
  readonly journal: ConversationJournal;
  readonly phrases: PhraseAudio;
  readonly load: Pick<WorkLoad, 'isBusy'>;
  readonly streamTokenSecret: string;
  /** The reservation's place may be used again. */
  release(reservation: Reservation): void;
  /** The stream could not prove its right to the reservation, which still waits for the rightful one. */
  giveBack(reservation: Reservation): void;
}

const countedEarlier = ({ figures }: ConversationSnapshot) => ({
  messagesIn: figures.messagesIn,
  messagesOut: figures.messagesOut,
  bargeIns: figures.bargeIns,
  truncations: figures.truncations,
  falseInterruptions: figures.falseInterruptions,
  overlapMs: figures.overlapMs,
  modelErrors: figures.modelErrors,
});

/** One call from its stream's handshake to its verdict: wires the stages of the audio path to the conversation. */
export class CallInHand {
  /** Settles when the call is closed and all that it said is on the bus. */
  readonly closed: Promise<void>;
  private readonly counters: StreamCounters;
  private readonly ledger = new PlaybackLedger();
  private readonly timeline = new MediaTimeline();
  private readonly clock: Clock;
  private readonly spans: CallSpans;
  private readonly probe: LatencyProbe;
  private readonly line: PhoneLine;
  private readonly speaker: PacedSpeaker;
  private readonly early: EarlyFrames;
  private readonly coalescer: FrameCoalescer;
  private readonly watchdog: MediaWatchdog;
  private readonly conversation: Conversation;
  private readonly account: CallAccount;
  private readonly chronicle: CallChronicle;
  private readonly modelPressure: SocketPressure;
  private settleClosed!: () => void;
  private lastWords: (() => void) | undefined;
  private isOver = false;
  private givenUpFor: Ending | undefined;

  constructor(
    socket: TextSocket,
    private readonly reservation: Reservation,
    private readonly pen: SnapshotPen,
    private readonly around: CallSurroundings,
  ) {
    const { earlier } = pen;
    const clock = new GuardedClock(around.clock, (run) => this.guard(run));
    const { session } = reservation;
    this.clock = clock;
    this.closed = new Promise((resolve) => (this.settleClosed = resolve));
    this.counters = new StreamCounters(earlier && countedEarlier(earlier));
    this.spans = new CallSpans(reservation, earlier?.figures.turns.at(-1)?.turn);
    this.probe = new LatencyProbe(
      reservation.reservedAtMs,
      reservation.webhookAgeMs,
      (turn) => this.spans.measured(turn),
      earlier?.figures.turns,
    );
    this.line = new PhoneLine(socket, clock, this.counters, {
      started: (start) => this.guard(() => this.streamStarted(start)),
      media: (payload, timestampMs, atMs) => this.callerAudio(payload, timestampMs, atMs),
      mark: (name) => this.guard(() => this.markEchoed(name)),
      digit: (key) => this.guard(() => this.keyPressed(key)),
      stopped: () => this.guard(() => this.end({ by: 'caller', how: 'hung_up' })),
      broken: (fault) => this.guard(() => this.end({ by: 'stream', fault })),
    });
    this.speaker = new PacedSpeaker(this.ledger, clock, this.line, {
      onSent: (itemId, mark, bytes) => {
        if (!isStandIn(itemId)) this.probe.sent(itemId, mark, bytes, clock.nowMs());
        this.conversation.leaves(itemId);
      },
      isBusy: () => around.load.isBusy,
      onMarksMissing: () => {
        this.counters.marksMissing += 1;
        this.conversation.heardMore();
      },
    });
    this.modelPressure = new SocketPressure(
      () => session.bufferedBytes,
      () => this.end({ by: 'model', fault: 'not_reading' }),
    );
    this.coalescer = new FrameCoalescer(
      () => around.load.isBusy,
      (audio) => {
        this.counters.audioMessagesToModel += 1;
        session.append(audio);
        this.modelPressure.watch();
      },
    );
    this.early = new EarlyFrames((audio) => this.coalescer.push(audio));
    const { speaker, timeline, counters } = this;
    const append = (audio: string): void => this.coalescer.push(audio);
    this.watchdog = watchMedia({ clock, reservation, speaker, timeline, counters, append }, () =>
      this.end({ by: 'model', fault: 'deaf' }),
    );
    this.conversation = new Conversation(
      {
        reservation,
        clock,
        ledger: this.ledger,
        speaker: this.speaker,
        timeline: this.timeline,
        probe: this.probe,
        counters: this.counters,
        earlier,
        phrases: around.phrases,
      },
      {
        uttered: (utterance) => this.chronicle.uttered(utterance),
        captured: (field) => this.chronicle.captured(field),
        turnBegan: () => this.spans.turnBegan(),
        turnEnded: () => this.spans.turnEnded(),
        problem: (code, severity) => modelProblem(reservation, code, severity),
        over: (ending) => this.end(ending),
      },
    );
    const { conversation, probe, spans } = this;
    this.account = new CallAccount({ reservation, conversation, probe, counters, earlier });
    this.chronicle = new CallChronicle({
      reservation,
      clock,
      journal: around.journal,
      pen,
      spans,
      account: this.account,
      transcript: conversation.record.transcript,
    });
  }

  /** The process was late by more than a caller can miss. */
  lagged(): void {
    this.counters.eventLoopLags += 1;
  }

  /** Ends the call from outside, e.g. when the process has to go. */
  end(ending: Ending): void {
    // What ends the apology is of no interest: the verdict is about what it is for.
    if (ending.by !== 'model') return this.finish(this.givenUpFor ?? ending);
    if (this.isOver || this.givenUpFor) return;
    this.givenUpFor = ending;
    if (!this.conversation.apologise(() => this.finish(ending))) this.finish(ending);
  }

  private finish(ending: Ending): void {
    if (this.isOver) return;
    this.isOver = true;
    this.watchdog.stop();
    this.coalescer.flush();
    const waitsForWords = this.conversation.stop();
    this.line.close(ending.by === 'stream' ? ending.fault : undefined);
    const verdict = (): Verdict => verdictOf(ending, this.conversation.record.callerSpoke);
    if (!waitsForWords || ending.by === 'model' || !this.account.isModelReady) return this.close(verdict());
    const cancel = this.clock.after(LAST_WORDS_PATIENCE_MS, () => this.lastWords?.());
    this.lastWords = () => {
      this.lastWords = undefined;
      cancel();
      this.close(verdict());
    };
  }

  /** Gives the call to another bridge: the phone network asks what follows when its stream is closed. */
  handOver(): void {
    if (this.isOver) return;
    if (!this.account.isModelReady) return this.end({ by: 'us', fault: 'drained' });
    this.isOver = true;
    this.watchdog.stop();
    this.conversation.stop();
    this.conversation.record.close();
    this.letGo();
    this.chronicle.release().then((released) => {
      this.line.close();
      if (!released) return this.conclude(verdictOf({ by: 'us', fault: 'drained' }, true));
      this.spans.close('completed', 'handed_over').end();
      conversationLeft(this.reservation, 'released');
      this.settleClosed();
    }, this.abandonFor);
  }

  /** A mistake of ours ends the call it happened in, and no other. */
  private guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    callFailed(this.reservation, error);
    try {
      this.end({ by: 'us', fault: 'internal_error' });
    } catch (again) {
      callFailed(this.reservation, again);
      this.abandon();
    }
  }

  /** Even the orderly end has failed: lets go of everything that others could miss. */
  private abandon(): void {
    this.line.close();
    this.reservation.session.close();
    this.around.release(this.reservation);
    this.settleClosed();
  }

  private readonly abandonFor = (error: unknown): void => {
    callFailed(this.reservation, error);
    this.abandon();
  };

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
    this.account.streamStarted(clock.now());
    this.timeline.beginsAt(nowMs - (this.pen.earlier?.figures.streamStartedAt ?? nowMs));
    this.probe.streamStarted(clock.nowMs());
    this.chronicle.begin();
    this.conversation.open();
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

  /** Guarded by itself: this runs fifty times a second, and a guard around it would be made each time. */
  private callerAudio(payload: string, timestampMs: number, atMs: number): void {
    if (this.isOver) return;
    try {
      this.timeline.frame(payload, timestampMs, atMs);
      this.watchdog.frame(payload, atMs);
      if (!this.early.push(payload)) this.end({ by: 'model', fault: 'connect_timeout' });
    } catch (error) {
      this.fail(error);
    }
  }

  private markEchoed(name: string): void {
    // A mark that a clear gave back proves nothing heard.
    if (this.isOver || this.speaker.echoed(name) !== 'played') return;
    this.probe.heard(name, this.clock.nowMs());
    this.conversation.heardMore();
  }

  private keyPressed(key: string): void {
    this.counters.digits += 1;
    if (!this.isOver) this.conversation.keyPressed(key);
  }

  private modelSays(event: ModelEvent): void {
    this.watchdog.modelSaid(event);
    if (event.type === 'ready') this.bothReady(event.atMs, event.at);
    this.conversation.hear(event);
    if (this.lastWords && this.conversation.record.transcript.isComplete) this.lastWords();
  }

  private bothReady(atMs: number, at: Date): void {
    if (this.isOver) return;
    this.account.modelReady(at);
    this.probe.modelReady(atMs);
    this.spans.streamReady();
    this.chronicle.ready(this.conversation.language.current);
    if (this.pen.earlier) conversationResumed(this.reservation, this.pen.earlier, this.probe.handshakeMs);
    // The greeting is asked for before the caller's kept frames go out, so that it is the first thing the model is busy with.
    this.conversation.begin();
    this.counters.earlyFrames = this.early.release();
    this.watchdog.begin();
  }

  private close(verdict: Verdict): void {
    this.conversation.record.close();
    this.letGo();
    this.conclude(verdict);
  }

  private conclude(verdict: Verdict): void {
    this.chronicle.end(verdict).then((telling) => {
      if (telling.kind === 'told')
        conversationClosed(this.reservation, telling.report, this.counters, telling.eventsLost);
      else conversationLeft(this.reservation, 'overtaken');
      this.settleClosed();
    }, this.abandonFor);
  }

  private letGo(): void {
    this.chronicle.stop();
    this.probe.close();
    this.reservation.session.close();
    this.around.release(this.reservation);
  }
}

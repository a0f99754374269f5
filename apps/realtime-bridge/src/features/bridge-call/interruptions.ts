import { type CallerSound, judgeSound, type SpokenLately } from '../../domain/caller-sound.js';
import type { Clock } from '../../domain/clock.js';
import {
  Interruption,
  type InterruptionVerdict,
  REAL_AFTER_MS,
  WORDS_PATIENCE_MS,
} from '../../domain/interruption.js';
import type { LanguageFollowing } from '../../domain/languages.js';
import type { ModelEvent, ModelSession } from '../../domain/model-session.js';
import { Overlap } from '../../domain/overlap.js';
import type { PlaybackLedger } from '../../domain/playback-ledger.js';
import type { Floor, TurnTaking } from '../../domain/turn-taking.js';
import type { LatencyProbe } from '../../media/latency-probe.js';
import type { PacedSpeaker } from '../../media/paced-speaker.js';
import type { StreamCounters } from '../../media/stream-counters.js';
import { MeantimeResponses } from './meantime-responses.js';
import type { ResponseDesk } from './response-desk.js';
import type { SpokenRecord } from './spoken-record.js';
import type { TurnPatience } from './turn-patience.js';

export interface InterruptionParts {
  readonly session: ModelSession;
  readonly clock: Clock;
  readonly ledger: PlaybackLedger;
  readonly speaker: PacedSpeaker;
  readonly counters: StreamCounters;
  readonly probe: LatencyProbe;
  readonly record: SpokenRecord;
  readonly turns: TurnTaking;
  readonly responses: ResponseDesk;
  readonly language: LanguageFollowing;
  readonly patience: TurnPatience;
}

export interface InterruptionHooks {
  floor(): Floor;
  /** A turn of the caller's is over and is to be answered. */
  turnBegan(): void;
  /** What we were saying is given up. */
  turnEnded(): void;
  /** An event that was held back is to be taken now. */
  take(event: ModelEvent): void;
  /** It has been decided, also by the clock alone. */
  decided(): void;
}

/** What we were at when the caller was heard. */
interface Stopped {
  /** False where we finish first. */
  readonly isPaused: boolean;
  readonly responseId: string | undefined;
  readonly spoken: SpokenLately;
  /** An answer was owed already. */
  readonly owedAnswer: boolean;
}

interface DeclaredTurn {
  readonly declaredAtMs: number;
  readonly lastSpeechAtMs: number;
}

/**
 * Yields the floor to a caller who speaks over us: at once to his ear, and for good only when it is known that he meant it.
 * Then phone, model and transcript all learn how much of us was heard. Until then the model is left alone, and what it makes
 * meanwhile is held back; if it was nothing, we go on where he stopped hearing us and its answer to nothing is given up.
 */
export class Interruptions {
  private readonly interruption = new Interruption();
  private readonly meantime = new MeantimeResponses();
  private readonly overlap = new Overlap();
  private readonly timers = new Map<string, () => void>();
  private stopped: Stopped | undefined;
  private latestItemId = '';
  private declared: DeclaredTurn | undefined;
  private committed = false;
  /** The model is about to answer what was no turn. */
  private isAnswerUnwanted = false;

  constructor(
    private readonly parts: InterruptionParts,
    private readonly hooks: InterruptionHooks,
  ) {}

  get isUndecided(): boolean {
    return this.interruption.isUndecided;
  }

  callerStarted(itemId: string): void {
    const { turns, record, responses, ledger } = this.parts;
    const floor = this.hooks.floor();
    turns.callerStarted();
    if (ledger.hasOutstandingMarks) this.overlap.began(record.caller.times(itemId).startedAtMs);
    if (this.isUndecided) return this.watch(itemId);
    const yielding = turns.yieldingTo(floor);
    if (yielding !== 'pause' && yielding !== 'finish-first') {
      if (yielding === 'withdraw') this.giveUp(floor.activeResponse?.id);
      return this.takesFloor(itemId);
    }
    const spoken = record.spokenLately();
    this.stopped = {
      isPaused: yielding === 'pause',
      responseId: floor.activeResponse?.id,
      spoken,
      owedAnswer: responses.owesAnswer,
    };
    if (this.stopped.isPaused) this.fallSilent();
    this.watch(itemId);
  }

  /** @param lastSpeechAtMs when the last sound of it came in, on the monotonic clock */
  callerStopped(itemId: string, lastSpeechAtMs: number): void {
    const { turns, record, clock, counters } = this.parts;
    const { endedAtMs } = record.caller.times(itemId);
    turns.callerStopped();
    counters.overlapMs += this.overlap.callerFellSilent(endedAtMs);
    const declared = { declaredAtMs: clock.nowMs(), lastSpeechAtMs };
    if (!this.interruption.knows(itemId)) return this.declare(declared);
    this.declared = declared;
    this.expireAfter(itemId, WORDS_PATIENCE_MS);
    this.decide(this.interruption.ended(itemId, endedAtMs));
  }

  callerCommitted(itemId: string): void {
    this.parts.turns.callerStopped();
    this.isAnswerUnwanted = false;
    if (this.interruption.knows(itemId)) this.committed = true;
    else this.parts.responses.callerCommitted();
  }

  /** What the words make of a sound that is undecided; undefined for those of an ordinary turn. */
  judge(itemId: string, text: string): CallerSound | undefined {
    if (!this.interruption.knows(itemId) || !this.stopped) return undefined;
    return judgeSound(text, this.parts.language.current, this.stopped.spoken);
  }

  /** The words of a sound are there and stand in the record as what they are. */
  understood(itemId: string, sound: CallerSound): void {
    this.decide(this.interruption.understood(itemId, sound));
  }

  notUnderstood(itemId: string): void {
    this.decide(this.interruption.expired(itemId));
  }

  /** A key was pressed: that is meant. */
  keyPressed(): void {
    const { turns, responses, probe } = this.parts;
    this.decide(this.interruption.insisted());
    const floor = this.hooks.floor();
    const yielding = turns.yieldingTo(floor);
    if (yielding === 'pause') this.stop(floor.activeResponse?.id);
    else if (yielding === 'withdraw') this.giveUp(floor.activeResponse?.id);
    probe.turnOverruled();
    responses.callerSpeaks();
  }

  /** A response begins. @param isOurs it was asked for by us */
  responseBegan(responseId: string, isOurs: boolean): void {
    if (this.isUndecided) {
      const answersSound = !isOurs && this.committed;
      return this.meantime.began(responseId, answersSound, this.interruption.state === 'sounding');
    }
    if (!this.isAnswerUnwanted || isOurs) return;
    this.isAnswerUnwanted = false;
    this.giveUp(responseId);
  }

  /** Whether an answer that the model could not begin by itself is missed. */
  get isAnswerWanted(): boolean {
    return !this.isUndecided && !this.isAnswerUnwanted;
  }

  /** True when the event has to wait for the decision; it is kept. */
  holds(event: ModelEvent): boolean {
    return this.isUndecided && this.meantime.holds(event);
  }

  /** Audio of a response that was given up: none of the item is ever heard, and the model must not believe it was. */
  forgetUnheard(itemId: string, contentIndex: number): void {
    if (this.parts.ledger.refuse(itemId)) this.parts.session.truncate(itemId, contentIndex, 0);
  }

  /** Our speech has been heard as far as it goes. */
  weFellSilent(): void {
    this.overlap.weFellSilent(this.parts.record.mediaNow());
  }

  /** Nothing is decided any more. */
  cancel(): void {
    this.interruption.abandoned();
    this.clearTimers();
    this.parts.counters.overlapMs += this.overlap.callerFellSilent(this.parts.record.mediaNow());
  }

  private fallSilent(): void {
    this.parts.speaker.pause();
    this.weFellSilent();
  }

  private watch(itemId: string): void {
    const { record, patience } = this.parts;
    const { startedAtMs } = record.caller.times(itemId);
    this.latestItemId = itemId;
    this.declared = undefined;
    this.meantime.callerSpeaksAgain();
    this.interruption.began(itemId, startedAtMs);
    // The end of a sound is known only when silence has proved it: by then, one that has not ended has lasted.
    const leftMs = startedAtMs + REAL_AFTER_MS + patience.silenceMs - record.mediaNow();
    if (leftMs <= 0) this.decide(this.interruption.expired(itemId));
    else this.expireAfter(itemId, leftMs);
  }

  private expireAfter(itemId: string, delayMs: number): void {
    this.timers.get(itemId)?.();
    const cancel = this.parts.clock.after(delayMs, () => this.decide(this.interruption.expired(itemId)));
    this.timers.set(itemId, cancel);
  }

  private decide(verdict: InterruptionVerdict): void {
    const { stopped } = this;
    if (verdict === 'undecided' || !stopped) return;
    this.clearTimers();
    this.stopped = undefined;
    if (verdict === 'real') this.yieldFor(stopped);
    else this.goOn(stopped);
    this.committed = false;
    for (const event of this.meantime.release()) this.hooks.take(event);
    this.hooks.decided();
  }

  private yieldFor({ isPaused, responseId }: Stopped): void {
    const { turns, responses } = this.parts;
    if (isPaused) this.stop(responseId);
    this.takesFloor(this.latestItemId);
    for (const late of this.meantime.madeTooEarly()) this.giveUp(late);
    if (this.declared) this.declare(this.declared);
    if (this.committed && !turns.callerSpeaks && !this.meantime.hasAnswer) responses.callerCommitted();
  }

  private goOn({ isPaused, owedAnswer }: Stopped): void {
    const { speaker, counters, responses } = this.parts;
    if (isPaused) {
      speaker.resume();
      counters.falseInterruptions += 1;
    }
    for (const answer of this.meantime.answersToSounds()) this.giveUp(answer);
    this.isAnswerUnwanted = this.committed && !this.meantime.answersLastSound;
    if (!owedAnswer) responses.owesNothing();
  }

  /** Stops our speech for good. @param responseId what is being made of it */
  private stop(responseId: string | undefined): void {
    const { session, counters, record, speaker } = this.parts;
    // Playback is stopped first: what the model still sends meanwhile must not be heard.
    const cuts = speaker.stop();
    this.weFellSilent();
    this.giveUp(responseId);
    counters.bargeIns += 1;
    for (const cut of cuts) {
      session.truncate(cut.itemId, cut.contentIndex, Math.min(cut.heardMs, cut.existingMs));
      counters.truncations += 1;
      record.cut(cut);
    }
    // What by the clock was over is not cut, and its mark will prove nothing any more.
    record.heardMore();
    this.hooks.turnEnded();
  }

  /** Nothing more of the response is played or obeyed. */
  private giveUp(responseId: string | undefined): void {
    if (responseId === undefined) return;
    this.parts.turns.abandon(responseId);
    if (this.parts.responses.active?.id === responseId) this.parts.session.cancel(responseId);
  }

  private takesFloor(itemId: string): void {
    this.parts.record.caller.takesTurn(itemId);
    this.parts.probe.turnOverruled();
    this.parts.responses.callerSpeaks();
  }

  private declare({ declaredAtMs, lastSpeechAtMs }: DeclaredTurn): void {
    this.parts.probe.turnEnded(declaredAtMs, lastSpeechAtMs);
    this.hooks.turnBegan();
    this.declared = undefined;
  }

  private clearTimers(): void {
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
  }
}

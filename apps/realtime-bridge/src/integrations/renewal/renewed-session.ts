import { decodedLength, msOf } from '../../domain/audio-format.js';
import type { Clock } from '../../domain/clock.js';
import {
  type AdapterName,
  type ModelEvent,
  type ModelListener,
  ModelSession,
  type Opening,
  type SaidBefore,
} from '../../domain/model-session.js';
import { debtsOf } from '../../domain/lost-session.js';
import type { OwnSpeech } from '../../domain/own-speech.js';
import type { ResponseOrder } from '../../domain/response-sequencer.js';
import { SessionFloor } from '../../domain/session-floor.js';
import { SessionMemory } from '../../domain/session-memory.js';
import {
  heardOnly,
  LATE_WORDS_PATIENCE_MS,
  MAX_KEPT_FRAMES,
  MOVE_ANYHOW_AFTER_MS,
  NO_SOUND_BEFORE_MOVE_MS,
  RENEW_AFTER_MS,
  REOPEN_AFTER_MS,
  REPLACE_AGAIN_AFTER_MS,
  ReplacementAllowance,
} from '../../domain/session-renewal.js';
import { soundsLikeSpeech } from '../../domain/speech-energy.js';
import { EventOutlet } from '../openai-realtime/event-outlet.js';
import { isFinal } from './final-faults.js';
import { LegOfId } from './leg-of-id.js';
import { SessionLeg } from './session-leg.js';

export interface RenewalHooks {
  /** A call went over to its next session before the old one ended. */
  renewed(): void;
  /** A session was lost in the middle of a call, and another is to take its place. */
  replaced(fault: string): void;
}

/**
 * One conversation over as many sessions as it takes: the next one is opened before the time of the old one is up and takes
 * over in a pause, or at once when the old one is lost. The call hears of one session only.
 */
export class RenewedSession extends ModelSession {
  readonly adapter: AdapterName;
  readonly opened: Promise<Opening>;
  private readonly outlet = new EventOutlet();
  private readonly floor = new SessionFloor();
  private readonly memory = new SessionMemory();
  private readonly allowance = new ReplacementAllowance();
  private readonly legOf = new LegOfId();
  /** Sessions that are left and still owe words, each with how to stop waiting for them. */
  private readonly leaving = new Map<SessionLeg, () => void>();
  private current: SessionLeg;
  private successor: SessionLeg | undefined;
  /** Caller's frames while no session hears them; undefined while one does. */
  private kept: string[] | undefined;
  private notes: string[] = [];
  private told: string | undefined;
  private patienceMs: number | undefined;
  private appendedBytes = 0;
  private isDue = false;
  private soundAtMs = 0;
  private isClosing = false;
  private isOver = false;
  private cancelLife: () => void = () => undefined;
  private cancelLook: () => void = () => undefined;
  private cancelReopen: () => void = () => undefined;

  constructor(
    private readonly open: () => ModelSession,
    private readonly clock: Clock,
    private readonly hooks: RenewalHooks,
  ) {
    super();
    this.current = new SessionLeg(open(), clock.nowMs());
    this.adapter = this.current.session.adapter;
    this.opened = this.current.session.opened;
    this.listenTo(this.current);
  }

  get bufferedBytes(): number {
    return this.kept ? 0 : this.current.session.bufferedBytes;
  }

  listen(listener: ModelListener): void {
    this.outlet.listen(listener);
  }

  append(audio: string): void {
    if (this.kept) return this.keep(this.kept, audio);
    this.appendedBytes += decodedLength(audio);
    if (this.isDue && soundsLikeSpeech(audio)) this.soundAtMs = this.clock.nowMs();
    this.current.session.append(audio);
  }

  respond(order: ResponseOrder): void {
    this.floor.ordered(order);
    if (!this.kept) this.current.session.respond(order);
  }

  cancel(responseId: string): void {
    this.memory.cancelled(responseId);
    this.floor.cancelled(responseId);
    this.makerOf(responseId).session.cancel(responseId);
  }

  truncate(itemId: string, contentIndex: number, heardMs: number): void {
    const maker = this.makerOf(itemId);
    const heard = this.memory.truncated(itemId, heardMs, maker.session.heardText(itemId, heardMs));
    this.floor.playbackStopped(this.clock.nowMs());
    maker.session.truncate(itemId, contentIndex, heardMs);
    // The present session remembers the whole of what an earlier one has said.
    if (maker !== this.current && !this.kept && heard !== undefined)
      this.current.session.tell(heardOnly(heard));
  }

  heardText(itemId: string, heardMs: number): string | undefined {
    return this.makerOf(itemId).session.heardText(itemId, heardMs);
  }

  listenPatiently(silenceMs: number): void {
    this.patienceMs = silenceMs;
    if (!this.kept) this.current.session.listenPatiently(silenceMs);
  }

  tell(text: string): void {
    this.told = text;
    if (!this.kept) this.current.session.tell(text);
  }

  spokenForIt(speech: OwnSpeech): void {
    this.memory.spokenForIt(speech);
    this.legOf.made(speech.itemId, this.current);
    if (!this.kept) this.current.session.spokenForIt(speech);
  }

  recall(said: readonly SaidBefore[]): void {
    this.memory.add(said);
    if (!this.kept) this.current.session.recall(said);
  }

  answerTool(callId: string, output: object): void {
    // No other session knows of the call, and what came of it is told as state.
    if (this.makerOf(callId) === this.current && !this.kept) this.current.session.answerTool(callId, output);
  }

  commitCaller(): void {
    if (!this.kept) this.current.session.commitCaller();
  }

  override replace(why: string): boolean {
    if (this.isOver || !this.current.isReady) return false;
    if (this.kept) return true;
    this.current.isLeft = true;
    this.current.session.close();
    this.lost(why);
    return !this.isOver;
  }

  close(): void {
    if (this.isOver) return;
    this.isClosing = true;
    this.current.session.close();
    this.end('closed_by_us');
  }

  private listenTo(leg: SessionLeg): void {
    leg.session.listen((event) => this.hear(leg, event));
  }

  private hear(leg: SessionLeg, event: ModelEvent): void {
    if (this.isOver) return;
    if (leg === this.successor) return this.hearSuccessor(leg, event);
    if (leg.isLeft) return this.hearLate(leg, event);
    if (event.type === 'closed') return this.isClosing ? this.end(event.fault) : this.lost(event.fault);
    if (event.type === 'ready') this.live(leg);
    this.legOf.note(event, leg);
    this.pass(leg.onCallClock(event));
    if (this.isDue) this.look();
  }

  private pass(event: ModelEvent): void {
    this.memory.hear(event);
    this.floor.hear(event, this.clock.nowMs());
    this.outlet.emit(event);
  }

  private live(leg: SessionLeg): void {
    leg.isReady = true;
    const ageMs = this.clock.nowMs() - leg.openedAtMs;
    this.cancelLife();
    this.cancelLife = this.clock.after(RENEW_AFTER_MS - ageMs, () => {
      this.isDue = true;
      this.cancelLife = this.clock.after(MOVE_ANYHOW_AFTER_MS - RENEW_AFTER_MS, () => this.look());
      this.openSuccessor();
    });
  }

  private openSuccessor(): void {
    this.cancelReopen();
    this.successor = new SessionLeg(this.open(), this.clock.nowMs());
    this.listenTo(this.successor);
  }

  private hearSuccessor(leg: SessionLeg, event: ModelEvent): void {
    if (event.type === 'closed') return this.successorFailed(event.fault);
    if (event.type !== 'ready') return;
    leg.isReady = true;
    if (this.kept) this.moveTo(leg);
    else this.look();
  }

  private successorFailed(fault: string): void {
    this.successor = undefined;
    if (this.kept && (isFinal(fault) || !this.allowance.take(this.clock.nowMs()))) return this.end(fault);
    const delayMs = this.kept ? REPLACE_AGAIN_AFTER_MS : REOPEN_AFTER_MS;
    this.cancelReopen = this.clock.after(delayMs, () => this.openSuccessor());
  }

  /** Moves over if this is the moment, and looks again when it may be. */
  private look(): void {
    this.cancelLook();
    const { successor, floor } = this;
    if (this.kept || !successor?.isReady) return;
    const nowMs = this.clock.nowMs();
    const { pauseFromMs } = floor;
    const isLate = nowMs - this.current.openedAtMs >= MOVE_ANYHOW_AFTER_MS;
    if (isLate && floor.isBetweenTurns) return this.renew(successor);
    if (pauseFromMs === undefined) return;
    const quietFromMs = Math.max(pauseFromMs, this.soundAtMs + NO_SOUND_BEFORE_MOVE_MS);
    if (nowMs >= quietFromMs) return this.renew(successor);
    this.cancelLook = this.clock.after(quietFromMs - nowMs, () => this.look());
  }

  private renew(successor: SessionLeg): void {
    this.hooks.renewed();
    this.leave(this.current);
    this.moveTo(successor);
  }

  /** It is closed when the words of the turns that it has heard have come. */
  private leave(leg: SessionLeg): void {
    leg.isLeft = true;
    for (const itemId of this.floor.turnsWithoutWords) leg.lateTurns.add(itemId);
    if (leg.lateTurns.size === 0) return leg.session.close();
    this.leaving.set(
      leg,
      this.clock.after(LATE_WORDS_PATIENCE_MS, () => this.letGo(leg)),
    );
  }

  private hearLate(leg: SessionLeg, event: ModelEvent): void {
    if (event.type !== 'caller-transcribed' && event.type !== 'caller-not-transcribed') return;
    if (!leg.lateTurns.delete(event.itemId)) return;
    this.pass(event);
    if (event.type === 'caller-transcribed' && !this.kept)
      this.current.session.recall([{ speaker: 'caller', text: event.text }]);
    if (leg.lateTurns.size === 0) this.letGo(leg);
  }

  private letGo(leg: SessionLeg): void {
    this.leaving.get(leg)?.();
    this.leaving.delete(leg);
    leg.session.close();
  }

  /** From here on the leg speaks and hears for the call. What was kept follows what it has to know. */
  private moveTo(leg: SessionLeg): void {
    const kept = this.kept ?? [];
    this.current = leg;
    this.successor = undefined;
    this.kept = undefined;
    this.isDue = false;
    this.cancelLook();
    leg.beginsAt(msOf(this.appendedBytes));
    const { session } = leg;
    if (this.patienceMs !== undefined) session.listenPatiently(this.patienceMs);
    session.recall(this.memory.said);
    if (this.told !== undefined) session.tell(this.told);
    for (const note of this.notes.splice(0)) session.tell(note);
    if (this.floor.openOrder) session.respond(this.floor.openOrder);
    for (const audio of kept) this.append(audio);
    this.live(leg);
  }

  private keep(kept: string[], audio: string): void {
    if (kept.length < MAX_KEPT_FRAMES) kept.push(audio);
    else this.end('replacement_timeout');
  }

  /** The session is gone in the middle of the call. */
  private lost(fault: string): void {
    const { current } = this;
    current.isLeft = true;
    if (!current.isReady || isFinal(fault) || !this.allowance.take(this.clock.nowMs()))
      return this.end(fault);
    this.hooks.replaced(fault);
    this.kept = [];
    this.cancelLife();
    if (!this.successor) this.openSuccessor();
    this.settleDebts(fault);
    if (!this.isOver && this.successor?.isReady) this.moveTo(this.successor);
  }

  /** Tells the call and the next session what the lost one owes. */
  private settleDebts(errorCode: string): void {
    const { events, notes } = debtsOf(this.floor, msOf(this.appendedBytes), errorCode);
    this.notes.push(...notes);
    this.floor.answerIsAskedFor();
    this.pass({ type: 'problem', severity: 'retryable', code: `session_lost_${errorCode}` });
    for (const event of events) this.pass(event);
  }

  private makerOf(id: string): SessionLeg {
    return this.legOf.of(id) ?? this.current;
  }

  private end(fault: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.kept = undefined;
    this.cancelLife();
    this.cancelLook();
    this.cancelReopen();
    this.successor?.session.close();
    for (const leg of this.leaving.keys()) this.letGo(leg);
    this.outlet.emit({ type: 'closed', fault });
  }
}

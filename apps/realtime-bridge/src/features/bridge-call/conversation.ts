import type { Clock } from '../../domain/clock.js';
import { type Captured, ConversationState } from '../../domain/conversation-state.js';
import type { Ending } from '../../domain/conversation-verdict.js';
import { normaliseFor } from '../../domain/field-values.js';
import { goodbyeInstruction, greetingOf, greetInstruction, sayInstruction } from '../../domain/instructions.js';
import { LanguageFollowing } from '../../domain/languages.js';
import type { ModelEvent } from '../../domain/model-session.js';
import { phrasesIn } from '../../domain/phrases.js';
import type { PlaybackLedger } from '../../domain/playback-ledger.js';
import type { Reservation } from '../../domain/reservations.js';
import { type ResponseOrder, type ResponsePurpose, ResponseSequencer, type ResponseWish } from '../../domain/response-sequencer.js';
import { SilenceNudge } from '../../domain/silence-nudge.js';
import { Transcript, type Utterance } from '../../domain/transcript.js';
import { silenceBeforeNudgeMs, silenceDurationMs } from '../../domain/turn-detection.js';
import { type Floor, TurnTaking } from '../../domain/turn-taking.js';
import type { LatencyProbe } from '../../media/latency-probe.js';
import type { MediaTimeline } from '../../media/media-timeline.js';
import type { PacedSpeaker } from '../../media/paced-speaker.js';
import type { StreamCounters } from '../../media/stream-counters.js';
import { AnswerWatch } from './answer-watch.js';
import { AssistantSpeech, type HeardItem } from './assistant-speech.js';
import { CallerSpeech } from './caller-speech.js';
import { Farewell } from './farewell.js';
import { ToolDesk } from './tool-desk.js';

/** Transcription usually takes half a second; a place in the transcript is not kept open for ever. */
export const TRANSCRIPTION_PATIENCE_MS = 10_000;
const RETRY_REFUSED_MS = 250;
/** A model that was asked to speak and says nothing at all for this long has hung; a caller would not wait longer either. */
export const MODEL_SILENCE_LIMIT_MS = 8_000;
/** A model that fails this often in a row is down. */
const MAX_FAILURES_IN_A_ROW = 3;

export interface ConversationParts {
  readonly reservation: Reservation;
  readonly clock: Clock;
  readonly ledger: PlaybackLedger;
  readonly speaker: PacedSpeaker;
  readonly timeline: MediaTimeline;
  readonly probe: LatencyProbe;
  readonly counters: StreamCounters;
}

export interface ConversationHooks {
  uttered(utterance: Utterance): void;
  captured(field: Captured): void;
  /** A turn of the caller's is over and is to be answered. */
  turnBegan(): void;
  /** The answer was heard, or given up. */
  turnEnded(): void;
  problem(code: string, severity: string): void;
  /** The call is to be closed now. */
  over(ending: Ending): void;
}

/** The course of one conversation: hears what the model and the caller do, and decides what is said, dropped and remembered. */
export class Conversation {
  readonly state: ConversationState;
  readonly transcript = new Transcript();
  readonly language: LanguageFollowing;
  readonly caller: CallerSpeech;
  private readonly sequencer = new ResponseSequencer();
  private readonly turns = new TurnTaking();
  private readonly silence: SilenceNudge;
  private readonly assistant: AssistantSpeech;
  private readonly tools: ToolDesk;
  private readonly spoke = new Set<string>();
  private cancelSilence: () => void = () => undefined;
  private cancelStall: () => void = () => undefined;
  private begun = false;
  private over = false;
  private anythingHeard = false;
  private failuresInARow = 0;
  private callerWasUnderstood = false;
  private readonly farewell: Farewell;
  private readonly answer: AnswerWatch;

  constructor(
    private readonly parts: ConversationParts,
    private readonly hooks: ConversationHooks,
  ) {
    const { profile, session } = parts.reservation;
    this.state = new ConversationState(normaliseFor(profile.region));
    this.language = new LanguageFollowing(profile.languages);
    this.caller = new CallerSpeech(parts.timeline, silenceDurationMs(profile.silenceDurationMs));
    this.silence = new SilenceNudge(silenceBeforeNudgeMs(profile.silenceNudgeMs));
    this.assistant = new AssistantSpeech(parts.ledger);
    this.tools = new ToolDesk(session, this.state, this.language, profile.languages);
    this.farewell = new Farewell(parts.clock, parts.speaker, (ending) => hooks.over(ending));
    this.answer = new AnswerWatch(parts.clock, () => this.askForAnswer());
  }

  /** Stream and model are both there: the caller is greeted. */
  begin(): void {
    if (this.begun || this.over) return;
    this.begun = true;
    const greeting = greetingOf(this.parts.reservation.profile, this.language.current);
    this.want({ purpose: 'greeting', instructions: greetInstruction(greeting) });
  }

  hear(event: ModelEvent): void {
    if (this.over) return this.hearAfterwards(event);
    this.take(event);
    this.observeModel();
    this.observeSilence();
  }

  /** A piece of ours has left for the phone. */
  leaves(itemId: string): void {
    this.assistant.leaves(itemId, this.mediaNow());
  }

  /** The caller has heard more of what we said. */
  heardMore(): void {
    this.anythingHeard = true;
    this.settle(this.assistant.takeHeard(this.language.current, this.mediaNow()));
    if (this.over || !this.parts.speaker.isQuiet) return;
    if (!this.sequencer.active && !this.answer.isAwaited) this.hooks.turnEnded();
    this.farewell.endWhenHeard();
    this.observeSilence();
  }

  /** Stops acting; what is still unheard is cut to what was heard. Returns whether words of the caller are still awaited. */
  stop(): boolean {
    this.over = true;
    this.cancelSilence();
    this.cancelStall();
    this.answer.pause();
    this.farewell.cancel();
    this.settle(this.assistant.takeHeard(this.language.current, this.mediaNow()));
    for (const cut of this.parts.speaker.stop()) this.settle([this.assistant.cut(cut, this.language.current, this.mediaNow())]);
    if (this.turns.callerSpeaks) this.parts.reservation.session.commitCaller();
    return !this.transcript.isComplete;
  }

  /** No more words are waited for. */
  closeTranscript(): void {
    this.release(this.transcript.close());
  }

  get callerSpoke(): boolean {
    return this.callerWasUnderstood;
  }

  get nudges(): number {
    return this.silence.totalNudges;
  }

  private take(event: ModelEvent): void {
    switch (event.type) {
      case 'ready':
        return;
      case 'caller-started':
        return this.callerStarted(event.itemId, event.audioStartMs);
      case 'caller-stopped':
        return this.callerStopped(event.itemId, event.audioEndMs);
      case 'caller-committed':
        return this.callerCommitted(event.itemId);
      case 'caller-transcribed':
        return this.callerTranscribed(event.itemId, event.text);
      case 'caller-not-transcribed':
        return this.release(this.transcript.giveUp(event.itemId));
      case 'response-began':
        return this.responseBegan(event.responseId, event.orderId);
      case 'audio':
        return this.audio(event);
      case 'words':
        if (!this.turns.isAbandoned(event.responseId)) {
          this.assistant.begin(event.responseId, event.itemId);
          this.assistant.addWords(event.itemId, event.delta);
        }
        return;
      case 'speech-complete':
        this.assistant.complete(event.itemId, event.text);
        return this.settle(this.assistant.takeHeard(this.language.current, this.mediaNow()));
      case 'response-ended':
        return this.responseEnded(event);
      case 'refused-as-active':
        return this.refusedAsActive(event.orderId);
      case 'problem':
        return this.problem(event);
      case 'closed':
        return this.hooks.over({ by: 'model', fault: event.fault });
    }
  }

  /** After the call only the caller's last words are of interest. */
  private hearAfterwards(event: ModelEvent): void {
    if (event.type === 'caller-transcribed') this.callerTranscribed(event.itemId, event.text);
    else if (event.type === 'caller-not-transcribed') this.release(this.transcript.giveUp(event.itemId));
    else if (event.type === 'caller-stopped') this.caller.stopped(event.itemId, event.audioEndMs, this.parts.clock.nowMs());
  }

  private callerStarted(itemId: string, audioStartMs: number): void {
    this.transcript.begin(itemId, 'caller');
    this.caller.started(itemId, audioStartMs);
    this.answer.pause();
    this.parts.probe.turnOverruled();
    // Whatever we meant to add is overtaken: the model answers the turn that has just begun.
    this.sequencer.withdraw('answer', 'tool-result', 'nudge');
    const decision = this.turns.callerStarted(this.floor());
    if (decision.stopPlayback) this.bargeIn(decision.cancelResponseId);
    else if (decision.cancelResponseId !== undefined) this.parts.reservation.session.cancel(decision.cancelResponseId);
  }

  private bargeIn(cancelResponseId: string | undefined): void {
    const { session } = this.parts.reservation;
    const cuts = this.parts.speaker.stop();
    if (cancelResponseId !== undefined) session.cancel(cancelResponseId);
    this.parts.counters.bargeIns += 1;
    for (const cut of cuts) {
      session.truncate(cut.itemId, cut.contentIndex, Math.min(cut.heardMs, cut.existingMs));
      this.parts.counters.truncations += 1;
      this.settle([this.assistant.cut(cut, this.language.current, this.mediaNow())]);
    }
    this.hooks.turnEnded();
  }

  private callerStopped(itemId: string, audioEndMs: number): void {
    this.turns.callerStopped();
    const nowMs = this.parts.clock.nowMs();
    this.parts.probe.turnEnded(nowMs, this.caller.stopped(itemId, audioEndMs, nowMs));
    this.hooks.turnBegan();
  }

  private callerCommitted(itemId: string): void {
    this.turns.callerStopped();
    this.transcript.begin(itemId, 'caller');
    this.parts.clock.after(TRANSCRIPTION_PATIENCE_MS, () => this.giveUpOnWords(itemId));
    this.answer.expect();
  }

  private callerTranscribed(itemId: string, text: string): void {
    if (text.trim() !== '') {
      this.callerWasUnderstood = true;
      this.silence.callerSaidSomething();
    }
    const released = this.transcript.settle(itemId, 'caller', { text, language: this.language.current, ...this.caller.times(itemId) });
    this.caller.forget(itemId);
    this.release(released);
  }

  private giveUpOnWords(itemId: string): void {
    if (!this.transcript.isWaitingFor(itemId)) return;
    this.parts.counters.droppedUtterances += 1;
    this.release(this.transcript.giveUp(itemId));
  }

  private responseBegan(responseId: string, orderId: string | undefined): void {
    const purpose = this.sequencer.began(responseId, orderId);
    this.answer.answered();
    if (this.turns.mustGiveUp(responseId, purpose, this.farewell.underway)) this.parts.reservation.session.cancel(responseId);
  }

  private audio({ responseId, itemId, contentIndex, audio }: ModelEvent & { type: 'audio' }): void {
    if (this.turns.isAbandoned(responseId)) {
      this.parts.counters.lateDeltasDropped += 1;
      return;
    }
    this.assistant.begin(responseId, itemId);
    this.transcript.begin(itemId, 'assistant');
    this.spoke.add(responseId);
    if (!this.parts.speaker.say(itemId, contentIndex, audio)) this.parts.counters.lateDeltasDropped += 1;
  }

  private responseEnded(event: ModelEvent & { type: 'response-ended' }): void {
    const { responseId } = event;
    const abandoned = this.turns.isAbandoned(responseId);
    const purpose: ResponsePurpose = this.sequencer.active?.id === responseId ? this.sequencer.active.purpose : 'answer';
    const spoke = this.spoke.delete(responseId);
    this.assistant.completeAll(responseId);
    if (event.status === 'failed' && !abandoned) return this.responseFailed(event, purpose);
    this.failuresInARow = 0;
    const wish = abandoned ? undefined : this.serveTools(event, spoke);
    if (purpose === 'goodbye') this.farewell.goodbyeMade();
    this.send(this.sequencer.ended(responseId));
    if (wish) this.want(wish);
    this.settle(this.assistant.takeHeard(this.language.current, this.mediaNow()));
    this.answer.modelIsFree();
    this.farewell.endWhenHeard();
  }

  /** Returns what the model is to be asked for next: one response when it has called tools without a word, none otherwise. */
  private serveTools({ toolCalls }: ModelEvent & { type: 'response-ended' }, spoke: boolean): ResponseWish | undefined {
    if (toolCalls.length === 0 || this.farewell.underway) return undefined;
    const { captured, endCall } = this.tools.serve(toolCalls, this.caller.latestItemId);
    for (const field of captured) this.hooks.captured(field);
    if (captured.length > 0) this.parts.reservation.session.tell(this.state.describe());
    if (endCall) {
      this.farewell.begin({ by: 'assistant', how: 'said_goodbye' }, spoke);
      return spoke ? undefined : { purpose: 'goodbye', instructions: goodbyeInstruction(this.language.current) };
    }
    // The caller speaks again already: the answer to that will know the tools' results.
    return spoke || this.turns.callerSpeaks ? undefined : { purpose: 'tool-result' };
  }

  private responseFailed({ responseId, errorCode = 'unknown', severity }: ModelEvent & { type: 'response-ended' }, purpose: ResponsePurpose): void {
    this.failuresInARow += 1;
    this.hooks.problem(errorCode, severity ?? 'retryable');
    if (severity === 'fatal' || this.failuresInARow >= MAX_FAILURES_IN_A_ROW) return this.hooks.over({ by: 'model', fault: errorCode });
    this.send(this.sequencer.ended(responseId));
    if (purpose === 'greeting') this.want({ purpose, instructions: greetInstruction(greetingOf(this.parts.reservation.profile, this.language.current)) });
    else this.want({ purpose });
  }

  private refusedAsActive(orderId: string | undefined): void {
    if (this.sequencer.refusedAsActive(orderId) === 'not-ours') this.answer.expect();
    // Normally the active response's end sends it; the timer is for the case that this end has come before the refusal.
    this.parts.clock.after(RETRY_REFUSED_MS, () => {
      if (this.over) return;
      this.send(this.sequencer.retry());
      this.answer.modelIsFree();
    });
  }

  private problem({ severity, code, orderId }: ModelEvent & { type: 'problem' }): void {
    this.hooks.problem(code, severity);
    if (severity === 'fatal') this.hooks.over({ by: 'model', fault: code });
    else if (orderId !== undefined) this.send(this.sequencer.failed(orderId));
  }

  private askForAnswer(): boolean {
    if (this.over || this.farewell.underway || this.turns.callerSpeaks || !this.sequencer.idle) return false;
    this.want({ purpose: 'answer' });
    return true;
  }

  /** Each word of the model's sets the limit anew, as long as something of it is awaited. */
  private observeModel(): void {
    this.cancelStall();
    if (this.over || this.sequencer.idle) return;
    this.cancelStall = this.parts.clock.after(MODEL_SILENCE_LIMIT_MS, () => this.hooks.over({ by: 'model', fault: 'stalled' }));
  }

  private observeSilence(): void {
    this.cancelSilence();
    if (this.over) return;
    const quiet =
      this.anythingHeard && !this.farewell.underway && !this.answer.isAwaited && !this.turns.callerSpeaks && this.sequencer.idle && this.parts.speaker.isQuiet;
    const waitMs = this.silence.observe(quiet, this.parts.clock.nowMs());
    if (waitMs !== undefined) this.cancelSilence = this.parts.clock.after(waitMs, () => this.breakSilence());
  }

  private breakSilence(): void {
    const phrases = phrasesIn(this.language.current);
    switch (this.silence.due(this.parts.clock.nowMs())) {
      case 'nudge':
        return this.want({ purpose: 'nudge', instructions: sayInstruction(phrases.stillThere) });
      case 'close':
        this.farewell.begin({ by: 'silence' }, false);
        return this.want({ purpose: 'goodbye', instructions: sayInstruction(phrases.silentGoodbye) });
      case 'none':
        return this.observeSilence();
    }
  }

  private floor(): Floor {
    return {
      hasUnheardSpeech: this.parts.ledger.hasUnheardSpeech,
      ...(this.sequencer.active && { activeResponse: this.sequencer.active }),
      greetingUnheard: !this.anythingHeard,
      closing: this.farewell.underway,
    };
  }

  private want(wish: ResponseWish): void {
    this.send(this.sequencer.want(wish));
  }

  private send(order: ResponseOrder | undefined): void {
    if (!order || this.over) return;
    this.parts.reservation.session.respond(order);
    this.observeModel();
  }

  private settle(items: readonly HeardItem[]): void {
    for (const { itemId, spoken } of items) this.release(this.transcript.settle(itemId, 'assistant', spoken));
  }

  private release(utterances: readonly Utterance[]): void {
    for (const utterance of utterances) this.hooks.uttered(utterance);
  }

  private mediaNow(): number {
    return this.parts.timeline.nowOnMediaClock(this.parts.clock.nowMs());
  }
}

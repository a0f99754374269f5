import type { Clock } from '../../domain/clock.js';
import { confirmsAgreed, FINISHES_WITHIN_MS } from '../../domain/confirmation.js';
import { capturedEarlier, type ConversationSnapshot } from '../../domain/conversation-snapshots.js';
import { type Captured, ConversationState } from '../../domain/conversation-state.js';
import type { Ending } from '../../domain/conversation-verdict.js';
import { normaliseFor } from '../../domain/field-values.js';
import { goodbyeInstruction, sayInstruction } from '../../domain/instructions.js';
import { LanguageFollowing } from '../../domain/languages.js';
import type { ModelEvent } from '../../domain/model-session.js';
import type { PhraseAudio } from '../../domain/phrase-audio.js';
import { phrasesIn } from '../../domain/phrases.js';
import type { PlaybackLedger } from '../../domain/playback-ledger.js';
import type { Reservation } from '../../domain/reservations.js';
import type { ResponsePurpose, ResponseWish } from '../../domain/response-sequencer.js';
import type { Utterance } from '../../domain/transcript.js';
import { silenceBeforeNudgeMs } from '../../domain/turn-detection.js';
import { type Floor, TurnTaking } from '../../domain/turn-taking.js';
import type { LatencyProbe } from '../../media/latency-probe.js';
import type { MediaTimeline } from '../../media/media-timeline.js';
import type { PacedSpeaker } from '../../media/paced-speaker.js';
import type { StreamCounters } from '../../media/stream-counters.js';
import { type CallerEvent, CallerTurns, isCallerEvent } from './caller-turns.js';
import { Farewell } from './farewell.js';
import { FirstWords } from './first-words.js';
import { Interruptions } from './interruptions.js';
import { PreparedSpeech } from './prepared-speech.js';
import { KeyedInput } from './keyed-input.js';
import { ResponseDesk } from './response-desk.js';
import { SilenceWatch } from './silence-watch.js';
import { SpokenRecord } from './spoken-record.js';
import { StandIns } from './stand-ins.js';
import { ToolDesk } from './tool-desk.js';
import { TurnPatience } from './turn-patience.js';

export interface ConversationParts {
  readonly reservation: Reservation;
  readonly clock: Clock;
  readonly ledger: PlaybackLedger;
  readonly speaker: PacedSpeaker;
  readonly timeline: MediaTimeline;
  readonly probe: LatencyProbe;
  readonly counters: StreamCounters;
  /** What an earlier stream of this conversation has left. */
  readonly earlier: ConversationSnapshot | undefined;
  readonly phrases: PhraseAudio;
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
  readonly language: LanguageFollowing;
  readonly record: SpokenRecord;
  private readonly responses: ResponseDesk;
  private readonly turns = new TurnTaking();
  private readonly silence: SilenceWatch;
  private readonly firstWords: FirstWords;
  private readonly tools: ToolDesk;
  private readonly interruptions: Interruptions;
  private readonly prepared: PreparedSpeech;
  private readonly standIns: StandIns;
  private readonly caller: CallerTurns;
  private readonly keys: KeyedInput;
  private readonly spoke = new Set<string>();
  private begun = false;
  private over = false;
  private anythingHeard = false;
  private readonly farewell: Farewell;

  constructor(
    private readonly parts: ConversationParts,
    private readonly hooks: ConversationHooks,
  ) {
    const { reservation, earlier } = parts;
    const { profile, session } = reservation;
    this.state = new ConversationState(normaliseFor(profile.region));
    this.state.restore((earlier?.fields ?? []).map(capturedEarlier));
    this.language = new LanguageFollowing(profile.languages);
    if (earlier) this.language.switchTo(earlier.language);
    const { language, turns } = this;
    const patience = new TurnPatience(session, language, profile);
    this.record = new SpokenRecord({ ...parts, session, language, patience }, (utterance) =>
      hooks.uttered(utterance),
    );
    this.prepared = new PreparedSpeech({ ...parts, language, record: this.record });
    this.firstWords = new FirstWords(reservation, language, earlier, this.prepared);
    const quiet = {
      silenceMs: silenceBeforeNudgeMs(profile.silenceNudgeMs),
      earlierNudges: earlier?.figures.silenceNudges,
    };
    this.silence = new SilenceWatch(parts.clock, quiet, (action) => this.breakSilence(action));
    this.tools = new ToolDesk(session, this.state, this.language, profile.languages);
    this.farewell = new Farewell(parts.clock, parts.speaker, (ending) => hooks.over(ending));
    this.standIns = new StandIns(
      { ...parts, prepared: this.prepared },
      {
        callerSpeaks: () => this.turns.callerSpeaks,
        askAgain: (wish) => this.responses.want(wish),
      },
    );
    this.responses = new ResponseDesk(session, parts.clock, {
      mayAsk: () => !this.farewell.underway && !this.turns.callerSpeaks && !this.interruptions.isUndecided,
      stalled: () => this.modelFailed('stalled'),
    });
    const { record, responses, silence } = this;
    const shared = { ...parts, session, record, turns, responses, language, patience };
    this.interruptions = new Interruptions(shared, {
      floor: () => this.floor(),
      turnBegan: () => hooks.turnBegan(),
      turnEnded: () => hooks.turnEnded(),
      take: (event) => this.take(event),
      decided: () => this.observeSilence(),
    });
    const { interruptions } = this;
    this.keys = new KeyedInput({ ...shared, interruptions });
    this.caller = new CallerTurns({ record, interruptions, patience, silence, keys: this.keys });
  }

  /** The stream is there, and the model may not be: what can be said without it is said now. */
  open(): void {
    this.firstWords.sayAtOnce();
  }

  /** Stream and model are both there: what has not been said yet is asked of the model. */
  begin(): void {
    if (this.begun || this.over) return;
    this.begun = true;
    this.firstWords.remind(this.state);
    for (const wish of this.firstWords.wishes()) this.responses.want(wish);
    this.observeSilence();
  }

  hear(event: ModelEvent): void {
    if (this.over) return isCallerEvent(event) ? this.caller.hearAfterwards(event) : undefined;
    this.take(event);
    this.responses.heardFromModel();
    this.observeSilence();
  }

  /** The caller has pressed a key of the phone. */
  keyPressed(key: string): void {
    if (this.over || !this.begun || this.farewell.underway) return;
    this.caller.keyPressed(key);
    this.observeSilence();
  }

  /** A piece of ours has left for the phone. */
  leaves(itemId: string): void {
    this.record.assistantLeaves(itemId);
  }

  /** The caller has heard more of what we said. */
  heardMore(): void {
    this.anythingHeard = true;
    this.record.heardMore();
    this.standIns.heardMore();
    if (this.over || !this.parts.speaker.isQuiet) return;
    this.interruptions.weFellSilent();
    if (this.owesNothing) this.hooks.turnEnded();
    this.farewell.endWhenHeard();
    this.observeSilence();
  }

  /** The call is given up: tells the caller so before `then`. False when there is no sound of it. */
  apologise(then: () => void): boolean {
    if (!this.standIns.canApologise) return false;
    this.stop();
    this.standIns.apologise(then);
    return true;
  }

  /** Stops acting; what is still unheard is cut to what was heard. Returns whether words of the caller are still awaited. */
  stop(): boolean {
    this.over = true;
    this.silence.cancel();
    this.standIns.stop();
    this.responses.stop();
    this.farewell.cancel();
    this.interruptions.cancel();
    this.keys.close();
    for (const cut of this.parts.speaker.stop()) this.record.cut(cut);
    // What by the clock was over is not cut, though its mark is still on its way.
    this.record.heardMore();
    if (this.turns.callerSpeaks) this.parts.reservation.session.commitCaller();
    return !this.record.transcript.isComplete;
  }

  get nudges(): number {
    return this.silence.nudges;
  }

  private take(event: ModelEvent): void {
    if (this.interruptions.holds(event)) return;
    switch (event.type) {
      case 'ready':
        return;
      case 'caller-started':
      case 'caller-stopped':
      case 'caller-committed':
      case 'caller-transcribed':
      case 'caller-not-transcribed':
        return this.hearCaller(event);
      case 'response-began':
        return this.responseBegan(event.responseId, event.orderId);
      case 'audio':
        return this.audio(event);
      case 'words':
        if (!this.turns.isAbandoned(event.responseId))
          this.record.assistantWords(event.responseId, event.itemId, event.delta);
        return;
      case 'speech-complete':
        return this.record.assistantComplete(event.itemId, event.text);
      case 'response-ended':
        return this.responseEnded(event);
      case 'refused-as-active':
        return this.responses.refusedAsActive(event.orderId, this.interruptions.isAnswerWanted);
      case 'problem':
        return this.problem(event);
      case 'closed':
        return this.modelFailed(event.fault);
    }
  }

  private hearCaller(event: CallerEvent): void {
    if (event.type === 'caller-started') this.standIns.callerSpeaks();
    this.caller.hear(event);
    if (event.type === 'caller-stopped') this.standIns.callerStopped();
  }

  private responseBegan(responseId: string, orderId: string | undefined): void {
    const purpose = this.responses.began(responseId, orderId);
    this.interruptions.responseBegan(responseId, orderId !== undefined);
    if (this.interruptions.isUndecided) return;
    if (this.turns.mustGiveUp(responseId, purpose, this.farewell.underway))
      this.parts.reservation.session.cancel(responseId);
  }

  private audio({ responseId, itemId, contentIndex, audio }: ModelEvent & { type: 'audio' }): void {
    if (this.turns.isAbandoned(responseId)) {
      this.parts.counters.lateDeltasDropped += 1;
      return this.interruptions.forgetUnheard(itemId, contentIndex);
    }
    this.record.assistantBegins(responseId, itemId);
    this.spoke.add(responseId);
    this.standIns.answerBegan();
    if (!this.parts.speaker.say(itemId, contentIndex, audio)) this.parts.counters.lateDeltasDropped += 1;
  }

  private responseEnded(event: ModelEvent & { type: 'response-ended' }): void {
    const { responseId } = event;
    const abandoned = this.turns.isAbandoned(responseId);
    const purpose = this.responses.purposeOf(responseId);
    const spoke = this.spoke.delete(responseId);
    this.record.responseOver(responseId);
    if (event.status === 'failed' && !abandoned) return this.responseFailed(event, purpose);
    const wish = abandoned ? undefined : this.serveTools(event, spoke);
    this.standIns.responseEnded(wish);
    if (purpose === 'goodbye') this.farewell.goodbyeMade();
    this.responses.ended(responseId, wish);
    this.farewell.endWhenHeard();
  }

  /** Returns what the model is to be asked for next: one response when it has called tools without a word, none otherwise. */
  private serveTools(
    { toolCalls }: ModelEvent & { type: 'response-ended' },
    spoke: boolean,
  ): ResponseWish | undefined {
    if (toolCalls.length === 0 || this.farewell.underway) return undefined;
    const { captured, endCall } = this.tools.serve(toolCalls, this.record.caller.latestItemId);
    for (const field of captured) this.hooks.captured(field);
    if (captured.length > 0) this.parts.reservation.session.tell(this.state.describe());
    if (endCall) {
      this.farewell.begin({ by: 'assistant', how: 'said_goodbye' }, spoke);
      return spoke
        ? undefined
        : { purpose: 'goodbye', instructions: goodbyeInstruction(this.language.current) };
    }
    // The caller speaks again already: the answer to that will know the tools' results.
    return spoke || this.turns.callerSpeaks ? undefined : { purpose: 'tool-result' };
  }

  private responseFailed(event: ModelEvent & { type: 'response-ended' }, purpose: ResponsePurpose): void {
    const { responseId, errorCode = 'unknown', severity = 'retryable' } = event;
    this.noteProblem(errorCode, severity);
    const wish = purpose === 'greeting' ? this.firstWords.opening() : { purpose };
    const next = this.standIns.responseFailed(event, wish);
    if (next === 'given-up') return this.hooks.over({ by: 'model', fault: errorCode });
    this.responses.ended(responseId, next === 'again' ? wish : undefined);
  }

  private problem({ severity, code, orderId }: ModelEvent & { type: 'problem' }): void {
    this.noteProblem(code, severity);
    if (severity === 'fatal') this.hooks.over({ by: 'model', fault: code });
    else if (orderId !== undefined) this.responses.orderFailed(orderId);
  }

  private noteProblem(code: string, severity: string): void {
    if (severity !== 'benign') this.parts.counters.modelErrors += 1;
    this.hooks.problem(code, severity);
  }

  private modelFailed(fault: string): void {
    this.parts.counters.modelErrors += 1;
    this.hooks.over({ by: 'model', fault });
  }

  private observeSilence(): void {
    // Before the model is there nobody could hear what a silent caller says to the question.
    if (this.over || !this.begun) return;
    const callerHasFloor = this.turns.callerSpeaks || this.interruptions.isUndecided;
    const busy = this.farewell.underway || callerHasFloor || !this.owesNothing;
    this.silence.observe(this.anythingHeard && !busy && this.parts.speaker.isQuiet);
  }

  private breakSilence(action: 'nudge' | 'close'): void {
    const phrase = action === 'nudge' ? 'stillThere' : 'silentGoodbye';
    const isSaid = this.prepared.sayForModel(phrase);
    if (action === 'close') this.farewell.begin({ by: 'silence' }, isSaid);
    if (isSaid) return this.farewell.endWhenHeard();
    const instructions = sayInstruction(phrasesIn(this.language.current)[phrase]);
    this.responses.want({ purpose: action === 'nudge' ? 'nudge' : 'goodbye', instructions });
  }

  /** Nothing is being made, asked for or to be asked for again. */
  private get owesNothing(): boolean {
    return this.responses.idle && !this.standIns.isWaiting;
  }

  private floor(): Floor {
    const { speaker, ledger } = this.parts;
    const text = speaker.remainingMs <= FINISHES_WITHIN_MS ? this.record.unheardText() : undefined;
    return {
      hasUnheardSpeech: ledger.hasUnheardSpeech,
      confirming: text !== undefined && confirmsAgreed(text, this.state.all()),
      ...(this.responses.active && { activeResponse: this.responses.active }),
      greetingUnheard: !this.anythingHeard,
      closing: this.farewell.underway,
    };
  }
}

import type { ResponseCreateEvent } from 'openai/resources/realtime/realtime';
import type { DialogueTurn } from '../dialogue/dialogue-turn.js';
import { decideTurn } from '../dialogue/policy.js';
import type { Entry } from './conversation.js';
import { Refusal } from './refusal.js';
import { planResponse, type ResponsePlan } from './response-plan.js';
import { ResponseRun, type Outgoing, type ResponseHost } from './response-run.js';
import type { RealtimeSession } from './session.js';
import { contextTokens } from './usage.js';

const SLOW_FACTOR = 10;
/** In the `mixed` style, one turn in so many has its tools called apart from its speech. */
const CALLS_ONLY_EVERY = 4;

/** At most one response in the conversation at a time, any number beside it. */
export class ResponseQueue implements ResponseHost {
  private active: ResponseRun | undefined;
  private readonly beside = new Set<ResponseRun>();
  /** A turn of the caller that ended while a response was active is answered after it. */
  private waiting: ResponseCreateEvent | undefined;
  private cached = { text: 0, audio: 0 };
  private turnsWithCalls = 0;
  private cutAfterStart = false;

  constructor(private readonly session: RealtimeSession) {}

  get conversationId(): string {
    return this.session.conversation.id;
  }

  get busy(): boolean {
    return this.active !== undefined;
  }

  create(event: ResponseCreateEvent): void {
    const outOfBand = event.response?.conversation === 'none';
    if (this.active && !outOfBand) {
      throw new Refusal(
        'conversation_already_has_active_response',
        `Conversation already has an active response in progress: ${this.active.id}. Wait until the response is finished before creating a new one.`,
      );
    }
    const { session } = this;
    const plan = planResponse(
      session.config,
      session.conversation.list().slice(),
      event.response,
      session.conversation.hasSpoken,
    );
    const { world } = session;
    const slow = world.faults.take('response-slow') ? SLOW_FACTOR : 1;
    const run = new ResponseRun(plan, this, {
      firstAudioMs: world.delays.firstAudioMs * slow,
      audioSpeed: world.audioSpeed,
    });
    if (outOfBand) this.beside.add(run);
    else this.active = run;
    run.start();
    this.letRun(run);
  }

  /** Answers the caller now, or once the response in hand is over. */
  createWhenFree(event: ResponseCreateEvent): void {
    if (this.active) this.waiting = event;
    else this.create(event);
  }

  cancel(responseId: string | undefined): void {
    const run = [this.active, ...this.beside].find(
      (candidate) => candidate && (responseId === undefined || candidate.id === responseId),
    );
    if (!run)
      throw new Refusal('response_cancel_not_active', 'Cancellation failed: no active response found');
    run.cancel('client_cancelled');
  }

  /** The caller speaks over the answer and the session wants it stopped. */
  interrupt(): void {
    this.active?.cancel('turn_detected');
  }

  abandon(): void {
    this.waiting = undefined;
    for (const run of [this.active, ...this.beside]) run?.abandon();
  }

  send(event: Outgoing): void {
    this.session.send(event);
  }

  addItem(entry: Entry): string | null {
    return this.session.conversation.insert(entry);
  }

  after(delayMs: number, run: () => void): () => void {
    return this.session.after(delayMs, run);
  }

  speak(text: string, language: string): Promise<Uint8Array> {
    return this.session.world.say(text, language);
  }

  decide(plan: ResponsePlan): DialogueTurn {
    const turn = decideTurn(plan.context);
    if (plan.modality === 'audio' && turn.speech) this.session.record.said.push(turn.speech);
    if (turn.calls.length === 0 || turn.calls.some((call) => call.name === 'end_call')) return turn;
    this.turnsWithCalls += 1;
    return this.isCallsOnly() ? { ...turn, speech: '' } : turn;
  }

  cachedTokens(plan: ResponsePlan): { text: number; audio: number } {
    const cached = this.cached;
    this.cached = contextTokens(plan.context.instructions, plan.entries);
    return cached;
  }

  started(): void {
    if (this.cutAfterStart) this.session.after(0, () => this.session.cut());
  }

  finished(run: ResponseRun, audioMs: number): void {
    this.beside.delete(run);
    if (this.active !== run) return;
    this.active = undefined;
    this.session.responseOver(audioMs);
    const next = this.waiting;
    this.waiting = undefined;
    if (next) this.create(next);
  }

  private letRun(run: ResponseRun): void {
    const { faults, delays } = this.session.world;
    if (faults.take('response-hangs')) return;
    if (faults.take('response-rate-limited')) {
      this.session.after(delays.firstAudioMs / 4, () =>
        run.fail('rate_limit_exceeded', 'Rate limit reached for tokens per min. Please try again in 1.5s.'),
      );
      return;
    }
    if (faults.take('response-failed')) {
      this.session.after(delays.firstAudioMs / 4, () =>
        run.fail('server_error', 'The server had an error while processing your request.'),
      );
      return;
    }
    this.cutAfterStart = faults.take('response-closes');
    run.proceed();
  }

  private isCallsOnly(): boolean {
    const { toolStyle } = this.session.world;
    return (
      toolStyle === 'calls-only' || (toolStyle === 'mixed' && this.turnsWithCalls % CALLS_ONLY_EVERY === 0)
    );
  }
}

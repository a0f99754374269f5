import { decodedLength, msOf } from './audio-format.js';
import type { ModelEvent } from './model-session.js';
import type { ResponseOrder } from './response-sequencer.js';
import { QUIET_BEFORE_MOVE_MS } from './session-renewal.js';

/** What is going on in a model's session, as its events and our orders tell. Times are of the monotonic clock, in milliseconds. */
export class SessionFloor {
  /** Responses that have not ended, and whether they are still wanted. */
  private readonly active = new Map<string, boolean>();
  /** Turns of the caller's whose words have not come yet. */
  private readonly awaited = new Set<string>();
  private speaking: string | undefined;
  private order: ResponseOrder | undefined;
  private answerOwed = false;
  private heardUntilMs = 0;
  private lastEventAtMs = 0;

  hear(event: ModelEvent, nowMs: number): void {
    this.lastEventAtMs = nowMs;
    switch (event.type) {
      case 'caller-started':
        this.speaking = event.itemId;
        return;
      case 'caller-stopped':
      case 'caller-committed':
        this.speaking = undefined;
        this.answerOwed = true;
        this.awaited.add(event.itemId);
        return;
      case 'caller-transcribed':
      case 'caller-not-transcribed':
        this.awaited.delete(event.itemId);
        return;
      case 'response-began':
        this.active.set(event.responseId, true);
        this.answerOwed = false;
        if (event.orderId === undefined || event.orderId === this.order?.orderId) this.order = undefined;
        return;
      case 'audio':
        this.heardUntilMs = Math.max(nowMs, this.heardUntilMs) + msOf(decodedLength(event.audio));
        return;
      case 'response-ended':
        this.active.delete(event.responseId);
        return;
      case 'refused-as-active':
        this.order = undefined;
        return;
      case 'problem':
        if (event.orderId === this.order?.orderId) this.order = undefined;
        return;
      default:
        return;
    }
  }

  ordered(order: ResponseOrder): void {
    this.order = order;
  }

  cancelled(responseId: string): void {
    if (this.active.has(responseId)) this.active.set(responseId, false);
  }

  /** What was to be heard has been stopped. */
  playbackStopped(nowMs: number): void {
    this.heardUntilMs = Math.min(this.heardUntilMs, nowMs);
  }

  /** The owed answer is asked for in another way. */
  answerIsAskedFor(): void {
    this.answerOwed = false;
  }

  /** Between two turns: nobody speaks, and nothing is being answered, asked for or owed. */
  get isBetweenTurns(): boolean {
    return this.speaking === undefined && this.active.size === 0 && !this.order && !this.answerOwed;
  }

  /** When the present pause is one, if nothing happens until then; undefined while something goes on. */
  get pauseFromMs(): number | undefined {
    if (!this.isBetweenTurns || this.awaited.size > 0) return undefined;
    return Math.max(this.lastEventAtMs, this.heardUntilMs) + QUIET_BEFORE_MOVE_MS;
  }

  get activeResponses(): readonly string[] {
    return [...this.active.keys()];
  }

  /** A response is being made that nobody has given up. */
  get isAnswering(): boolean {
    return [...this.active.values()].includes(true);
  }

  /** The caller's turn that is not over; undefined while he is silent. */
  get openTurn(): string | undefined {
    return this.speaking;
  }

  get turnsWithoutWords(): readonly string[] {
    return [...this.awaited];
  }

  get openOrder(): ResponseOrder | undefined {
    return this.order;
  }

  get owesAnswer(): boolean {
    return this.answerOwed;
  }
}

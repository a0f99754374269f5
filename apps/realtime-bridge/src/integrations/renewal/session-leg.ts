import type { ModelEvent, ModelSession } from '../../domain/model-session.js';

/** One of the sessions that carry a call one after the other. */
export class SessionLeg {
  isReady = false;
  /** It does not speak for the call any more, or never will. */
  isLeft = false;
  /** Turns whose words are still awaited though it has been left. */
  readonly lateTurns = new Set<string>();
  private offsetMs = 0;

  constructor(
    readonly session: ModelSession,
    readonly openedAtMs: number,
  ) {}

  /** Its input clock begins with the frame that is appended next; so much audio has gone to the sessions before it. */
  beginsAt(offsetMs: number): void {
    this.offsetMs = offsetMs;
  }

  /** The event by the call's own input clock. */
  onCallClock(event: ModelEvent): ModelEvent {
    if (this.offsetMs === 0) return event;
    if (event.type === 'caller-started')
      return { ...event, audioStartMs: event.audioStartMs + this.offsetMs };
    if (event.type === 'caller-stopped') return { ...event, audioEndMs: event.audioEndMs + this.offsetMs };
    return event;
  }
}

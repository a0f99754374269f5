import type { ModelEvent, ModelListener } from '../../domain/model-session.js';

/** What a session may say before a call listens to it is a handful. */
const MAX_EARLY_EVENTS = 1_000;

/** Hands events to the one listener, and keeps for it what comes before. Nothing follows `closed`. */
export class EventOutlet {
  private readonly early: ModelEvent[] = [];
  private listener: ModelListener | undefined;
  private isOver = false;

  listen(listener: ModelListener): void {
    this.listener = listener;
    for (const event of this.early.splice(0)) listener(event);
  }

  emit(event: ModelEvent): void {
    if (this.isOver) return;
    this.isOver = event.type === 'closed';
    if (this.listener) this.listener(event);
    else if (this.early.length < MAX_EARLY_EVENTS) this.early.push(event);
  }
}

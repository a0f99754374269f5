import type { ModelEvent } from '../../domain/model-session.js';
import type { SessionLeg } from './session-leg.js';

/** More than a caller can still be listening to. */
const MAX_IDS = 64;

/** Which session has made an item, a response or a tool call. */
export class LegOfId {
  private readonly legs = new Map<string, SessionLeg>();

  note(event: ModelEvent, leg: SessionLeg): void {
    if (event.type === 'audio' || event.type === 'words') this.made(event.itemId, leg);
    else if (event.type === 'response-began') this.made(event.responseId, leg);
    else if (event.type === 'response-ended')
      for (const { callId } of event.toolCalls) this.made(callId, leg);
  }

  made(id: string, leg: SessionLeg): void {
    if (this.legs.get(id) === leg) return;
    this.legs.set(id, leg);
    if (this.legs.size <= MAX_IDS) return;
    const [oldest] = this.legs.keys();
    if (oldest !== undefined) this.legs.delete(oldest);
  }

  of(id: string): SessionLeg | undefined {
    return this.legs.get(id);
  }
}

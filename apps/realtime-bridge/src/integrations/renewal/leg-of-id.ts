import type { ModelEvent } from '../../domain/model-session.js';
import type { SessionLeg } from './session-leg.js';

/** More than a caller can still be listening to. */
const MAX_IDS = 64;

/** Which session has made an item, a response or a tool call. */
export class LegOfId {
  private readonly legs = new Map<string, SessionLeg>();

  note(event: ModelEvent, leg: SessionLeg): void {
    if (event.type === 'audio' || event.type === 'words') this.add(event.itemId, leg);
    else if (event.type === 'response-began') this.add(event.responseId, leg);
    else if (event.type === 'response-ended') for (const { callId } of event.toolCalls) this.add(callId, leg);
  }

  of(id: string): SessionLeg | undefined {
    return this.legs.get(id);
  }

  private add(id: string, leg: SessionLeg): void {
    if (this.legs.get(id) === leg) return;
    this.legs.set(id, leg);
    if (this.legs.size <= MAX_IDS) return;
    const [oldest] = this.legs.keys();
    if (oldest !== undefined) this.legs.delete(oldest);
  }
}

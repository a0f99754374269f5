import type { ModelEvent } from '../../domain/model-session.js';

interface Meantime {
  readonly responseId: string;
  /** The model took a sound of the caller's for a turn and answers it. */
  readonly answersSound: boolean;
  /** The caller was heard after it had begun: it does not know what he said. */
  isTooEarly: boolean;
}

/** What the model says while it is not yet known whether the caller meant to interrupt: kept, in order, until it is. */
export class MeantimeResponses {
  private responses: Meantime[] = [];
  private events: ModelEvent[] = [];

  /** @param callerSpeaks he is being heard at this moment */
  began(responseId: string, answersSound: boolean, callerSpeaks: boolean): void {
    this.responses.push({ responseId, answersSound, isTooEarly: callerSpeaks });
  }

  callerSpeaksAgain(): void {
    for (const response of this.responses) response.isTooEarly = true;
  }

  /** Also the tools that end an earlier response wait: one that is interrupted is not obeyed. */
  holds(event: ModelEvent): boolean {
    if (!('responseId' in event) || event.type === 'response-began') return false;
    const callsTools = event.type === 'response-ended' && event.toolCalls.length > 0;
    const isHeld = callsTools || this.responses.some(({ responseId }) => responseId === event.responseId);
    if (isHeld) this.events.push(event);
    return isHeld;
  }

  answersToSounds(): string[] {
    return this.responses.filter(({ answersSound }) => answersSound).map(({ responseId }) => responseId);
  }

  /** The last sound, too, has had its answer from the model. */
  get answersLastSound(): boolean {
    return this.responses.some(({ answersSound, isTooEarly }) => answersSound && !isTooEarly);
  }

  madeTooEarly(): string[] {
    return this.responses.filter(({ isTooEarly }) => isTooEarly).map(({ responseId }) => responseId);
  }

  /** Something answers what the caller has said by now. */
  get hasAnswer(): boolean {
    return this.responses.some(({ isTooEarly }) => !isTooEarly);
  }

  release(): ModelEvent[] {
    this.responses = [];
    return this.events.splice(0);
  }
}

import type { ModelEvent } from '../../domain/model-session.js';
import type { Interruptions } from './interruptions.js';
import type { KeyedInput } from './keyed-input.js';
import type { SilenceWatch } from './silence-watch.js';
import type { SpokenRecord } from './spoken-record.js';
import type { TurnPatience } from './turn-patience.js';

export type CallerEvent = Extract<ModelEvent, { type: `caller-${string}` }>;

export const isCallerEvent = (event: ModelEvent): event is CallerEvent => event.type.startsWith('caller-');

export interface CallerTurnsParts {
  readonly record: SpokenRecord;
  readonly interruptions: Interruptions;
  readonly patience: TurnPatience;
  readonly silence: SilenceWatch;
  readonly keys: KeyedInput;
}

/** What is noticed of the caller's voice and keys: kept in the record, and weighed for who may speak and how long he is given. */
export class CallerTurns {
  constructor(private readonly parts: CallerTurnsParts) {}

  hear(event: CallerEvent): void {
    const { record, interruptions } = this.parts;
    switch (event.type) {
      case 'caller-started':
        record.callerStarted(event.itemId, event.audioStartMs);
        return interruptions.callerStarted(event.itemId);
      case 'caller-stopped':
        return interruptions.callerStopped(
          event.itemId,
          record.callerStopped(event.itemId, event.audioEndMs),
        );
      case 'caller-committed':
        record.callerCommitted(event.itemId);
        return interruptions.callerCommitted(event.itemId);
      case 'caller-transcribed':
        return this.transcribed(event.itemId, event.text);
      case 'caller-not-transcribed':
        record.callerNotTranscribed(event.itemId);
        this.parts.patience.callerSaid('');
        return interruptions.notUnderstood(event.itemId);
    }
  }

  keyPressed(key: string): void {
    this.parts.silence.callerSaidSomething();
    this.parts.keys.pressed(key);
  }

  /** After the call only his last words are of interest. */
  hearAfterwards(event: CallerEvent): void {
    const { record } = this.parts;
    if (event.type === 'caller-transcribed') record.callerTranscribed(event.itemId, event.text);
    else if (event.type === 'caller-not-transcribed') record.callerNotTranscribed(event.itemId);
    else if (event.type === 'caller-stopped') record.callerStopped(event.itemId, event.audioEndMs);
  }

  private transcribed(itemId: string, text: string): void {
    const { record, interruptions, patience, silence } = this.parts;
    const sound = interruptions.judge(itemId, text);
    // A cough has no words, and an echo's are ours.
    if (sound === 'noise' || sound === 'echo') record.callerNotTranscribed(itemId);
    else if (record.callerTranscribed(itemId, text)) silence.callerSaidSomething();
    if (sound === undefined || sound === 'words') patience.callerSaid(text);
    if (sound !== undefined) interruptions.understood(itemId, sound);
  }
}

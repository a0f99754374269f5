import type { Clock } from '../../domain/clock.js';
import { KEY_PATIENCE_MS, Keypad } from '../../domain/keypad.js';
import type { ModelSession } from '../../domain/model-session.js';
import type { TurnTaking } from '../../domain/turn-taking.js';
import type { Interruptions } from './interruptions.js';
import type { ResponseDesk } from './response-desk.js';
import type { SpokenRecord } from './spoken-record.js';

export interface KeyedInputParts {
  readonly clock: Clock;
  readonly session: Pick<ModelSession, 'recall'>;
  readonly record: SpokenRecord;
  readonly turns: TurnTaking;
  readonly interruptions: Interruptions;
  readonly responses: ResponseDesk;
}

/** Takes what a caller presses for what he says: it stops us, stands in the transcript, and is answered. */
export class KeyedInput {
  private readonly keypad = new Keypad();
  private serial = 0;
  private startedAtMs = 0;
  private cancelTimer: () => void = () => undefined;

  constructor(private readonly parts: KeyedInputParts) {}

  pressed(key: string): void {
    const { turns, interruptions, record, clock } = this.parts;
    const isFirst = !this.keypad.isOpen;
    const press = this.keypad.press(key);
    if (press === 'ignored') return;
    this.cancelTimer();
    if (isFirst) {
      this.serial += 1;
      interruptions.keyPressed();
      turns.callerKeys(true);
      this.startedAtMs = record.callerKeys(this.itemId);
    }
    if (press === 'complete') this.complete();
    else this.cancelTimer = clock.after(KEY_PATIENCE_MS, () => this.complete());
  }

  /** The call is over: what was keyed by now is kept among the caller's words. */
  close(): void {
    this.cancelTimer();
    if (this.keypad.isOpen) this.record(this.keypad.take());
  }

  private complete(): void {
    this.cancelTimer();
    const text = this.keypad.take();
    const { turns, session, responses } = this.parts;
    turns.callerKeys(false);
    this.record(text);
    session.recall([{ speaker: 'caller', text }]);
    // A caller who also speaks is answered when he has finished.
    if (!turns.callerSpeaks) responses.want({ purpose: 'answer' });
  }

  private record(text: string): void {
    this.parts.record.callerKeyed(this.itemId, text, this.startedAtMs);
  }

  private get itemId(): string {
    return `keys_${this.serial}`;
  }
}

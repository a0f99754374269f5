import type { Clock } from '../../domain/clock.js';
import type { ProvenField } from '../../domain/conversation-journal.js';
import type { Captured } from '../../domain/conversation-state.js';
import type { Transcript } from '../../domain/transcript.js';

/** The model may capture a field before the words that prove it are transcribed; this long it is held back for their number. */
export const PROOF_PATIENCE_MS = 2_000;

interface Held {
  readonly field: Captured;
  readonly cancel: () => void;
}

/** Says a captured field together with the number of the utterance that proves it, or without when that is not known in time. */
export class FieldProofs {
  private held: Held[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly transcript: Transcript,
    private readonly say: (field: ProvenField) => void,
  ) {}

  add(field: Captured): void {
    const held: Held = { field, cancel: this.clock.after(PROOF_PATIENCE_MS, () => this.release(held)) };
    this.held.push(held);
    this.transcriptMoved();
  }

  /** An utterance has found its number, or a place was given up. */
  transcriptMoved(): void {
    for (const held of [...this.held])
      if (!this.transcript.isWaitingFor(held.field.evidenceItemId)) this.release(held);
  }

  close(): void {
    for (const held of [...this.held]) this.release(held);
  }

  private release(held: Held): void {
    held.cancel();
    this.held = this.held.filter((other) => other !== held);
    this.say({ field: held.field, utteranceSeq: this.transcript.seqOf(held.field.evidenceItemId) });
  }
}

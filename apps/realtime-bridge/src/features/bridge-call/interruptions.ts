import type { ModelSession } from '../../domain/model-session.js';
import type { Floor, TurnTaking } from '../../domain/turn-taking.js';
import type { PacedSpeaker } from '../../media/paced-speaker.js';
import type { StreamCounters } from '../../media/stream-counters.js';
import type { SpokenRecord } from './spoken-record.js';

export interface InterruptionParts {
  readonly session: ModelSession;
  readonly speaker: PacedSpeaker;
  readonly counters: StreamCounters;
  readonly record: SpokenRecord;
  readonly turns: TurnTaking;
}

/** Yields the floor to a caller who begins to speak: phone, model and transcript all learn how much of us was heard. */
export class Interruptions {
  constructor(private readonly parts: InterruptionParts) {}

  /** Returns whether speech of ours was stopped. */
  callerStarted(floor: Floor): boolean {
    const { session, turns } = this.parts;
    const { stopPlayback, cancelResponseId } = turns.callerStarted(floor);
    // Playback is stopped first: what the model still sends meanwhile must not be heard.
    const cuts = stopPlayback ? this.parts.speaker.stop() : [];
    if (cancelResponseId !== undefined) session.cancel(cancelResponseId);
    if (!stopPlayback) return false;
    this.parts.counters.bargeIns += 1;
    for (const cut of cuts) {
      session.truncate(cut.itemId, cut.contentIndex, Math.min(cut.heardMs, cut.existingMs));
      this.parts.counters.truncations += 1;
      this.parts.record.cut(cut);
    }
    // What by the clock was over is not cut, and its mark will prove nothing any more.
    this.parts.record.heardMore();
    return true;
  }
}

/** OpenAI ends a session at 60 minutes (`session_expired`): ten are left to find a pause in. */
export const RENEW_AFTER_MS = 50 * 60_000;
/** From here on any moment between two turns is taken. */
export const MOVE_ANYHOW_AFTER_MS = 57 * 60_000;
/** A successor that could not be opened is tried again after this long. */
export const REOPEN_AFTER_MS = 30_000;
/** A lost session has a caller waiting: the second attempt comes sooner. */
export const REPLACE_AGAIN_AFTER_MS = 1_000;
/** Quiet behind the last sound by our reckoning; a phone's own buffer lets it be heard a little later. */
export const QUIET_BEFORE_MOVE_MS = 500;
/** A caller whose sound came in this lately may be at the beginning of a word that only the old session has heard. */
export const NO_SOUND_BEFORE_MOVE_MS = 300;
/** Frames kept while there is no session to hear them: ten seconds of 20 ms. */
export const MAX_KEPT_FRAMES = 500;
/** Words of a turn are waited for this long after the session that heard it has been left. */
export const LATE_WORDS_PATIENCE_MS = 10_000;

const MAX_IN_A_ROW = 2;
const ROW_MS = 30_000;

/** How often lost sessions may be replaced: a model that loses each of them is down. */
export class ReplacementAllowance {
  private takenAtMs: number[] = [];

  /** True when another attempt may be made now. */
  take(nowMs: number): boolean {
    this.takenAtMs = this.takenAtMs.filter((atMs) => nowMs - atMs < ROW_MS);
    if (this.takenAtMs.length >= MAX_IN_A_ROW) return false;
    this.takenAtMs.push(nowMs);
    return true;
  }
}

/** What a session is told of that went wrong with the one before it. */
export const WORDS_LOST =
  "The line to you failed for a moment: the caller's latest words did not reach you. If you need them, say so briefly and ask for them again.";
export const SPEECH_CUT =
  'The line to you failed while you were speaking: the caller may not have heard the end of your last words. Say what is missing of them, briefly.';
export const heardOnly = (heard: string): string =>
  heard === ''
    ? 'The caller interrupted you and has heard nothing of your last words.'
    : `The caller interrupted you. Of your last words they have heard only: "${heard}"`;

import type { ModelEvent } from './model-session.js';
import type { SessionFloor } from './session-floor.js';
import { SPEECH_CUT, WORDS_LOST } from './session-renewal.js';

export interface Debts {
  /** Tell the call what will not come any more, so that it asks again for what is still wanted. */
  readonly events: readonly ModelEvent[];
  /** Tell the next session what it cannot know. */
  readonly notes: readonly string[];
}

/** What a session that is gone owes. `inputMs` is how much audio it and those before it have heard. */
export const debtsOf = (floor: SessionFloor, inputMs: number, errorCode: string): Debts => {
  const events: ModelEvent[] = [];
  const notes: string[] = [];
  const { openTurn, activeResponses, turnsWithoutWords } = floor;
  if (openTurn !== undefined)
    events.push(
      { type: 'caller-stopped', itemId: openTurn, audioEndMs: inputMs },
      { type: 'caller-committed', itemId: openTurn },
    );
  const wordless = openTurn === undefined ? turnsWithoutWords : [...turnsWithoutWords, openTurn];
  for (const itemId of wordless) events.push({ type: 'caller-not-transcribed', itemId });
  if (wordless.length > 0) notes.push(WORDS_LOST);
  if (floor.isAnswering) notes.push(SPEECH_CUT);
  // A caller who is still speaking is answered when he has ended; the call asks by itself should he not go on.
  const isOwed = floor.owesAnswer && openTurn === undefined && floor.openOrder === undefined;
  const failed = activeResponses.length > 0 ? activeResponses : isOwed ? ['unanswered'] : [];
  for (const responseId of failed)
    events.push({
      type: 'response-ended',
      responseId,
      status: 'failed',
      toolCalls: [],
      errorCode,
      severity: 'retryable',
    });
  return { events, notes };
};

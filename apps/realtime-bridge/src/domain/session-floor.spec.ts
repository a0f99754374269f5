import { describe, expect, it } from '@jest/globals';
import { debtsOf } from './lost-session.js';
import type { ModelEvent } from './model-session.js';
import { SessionFloor } from './session-floor.js';
import { QUIET_BEFORE_MOVE_MS, SPEECH_CUT, WORDS_LOST } from './session-renewal.js';

const started = (itemId: string): ModelEvent => ({ type: 'caller-started', itemId, audioStartMs: 0 });
const committed = (itemId: string): ModelEvent => ({ type: 'caller-committed', itemId });
const transcribed = (itemId: string): ModelEvent => ({ type: 'caller-transcribed', itemId, text: 'Hello.' });
const began = (responseId: string): ModelEvent => ({ type: 'response-began', responseId });
const ended = (responseId: string): ModelEvent => ({
  type: 'response-ended',
  responseId,
  status: 'completed',
  toolCalls: [],
});
const second: ModelEvent = {
  type: 'audio',
  responseId: 'r1',
  itemId: 'i1',
  contentIndex: 0,
  audio: Buffer.alloc(8_000).toString('base64'),
};

const after = (...events: ModelEvent[]): SessionFloor => {
  const floor = new SessionFloor();
  for (const event of events) floor.hear(event, 1_000);
  return floor;
};

describe('a pause in a session', () => {
  it.each<[string, ModelEvent[], number | undefined]>([
    ['is none while the caller speaks', [started('c1')], undefined],
    ['is none while a turn is unanswered', [committed('c1'), transcribed('c1')], undefined],
    ['is none while a response is made', [began('r1')], undefined],
    ['is none while the words of a turn are awaited', [committed('c1'), began('r1'), ended('r1')], undefined],
    [
      'begins a little after the last event',
      [committed('c1'), transcribed('c1'), began('r1'), ended('r1')],
      1_000 + QUIET_BEFORE_MOVE_MS,
    ],
    [
      'begins when what was said has been heard',
      [began('r1'), second, second, ended('r1')],
      3_000 + QUIET_BEFORE_MOVE_MS,
    ],
  ])('%s', (_, events, pauseFromMs) => {
    expect(after(...events).pauseFromMs).toBe(pauseFromMs);
  });

  it('is none while an order is open, and begins earlier when what was said is stopped', () => {
    const floor = after(began('r1'), second, ended('r1'));
    floor.playbackStopped(1_200);
    expect(floor.pauseFromMs).toBe(1_200 + QUIET_BEFORE_MOVE_MS);
    floor.ordered({ orderId: 'order_1', purpose: 'nudge' });
    expect(floor.pauseFromMs).toBeUndefined();
  });
});

describe('a session that is gone', () => {
  const owed = (...events: ModelEvent[]) => {
    const { events: told, notes } = debtsOf(after(...events), 9_000, 'closed');
    return [told.map((event) => ('itemId' in event ? `${event.type} ${event.itemId}` : event.type)), notes];
  };

  it.each<[string, ModelEvent[], string[], string[]]>([
    ['owes nothing in a pause', [began('r1'), ended('r1')], [], []],
    ['owes the answer to a turn', [committed('c1'), transcribed('c1')], ['response-ended'], []],
    [
      'owes the words of a turn',
      [committed('c1'), began('r1'), ended('r1')],
      ['caller-not-transcribed c1'],
      [WORDS_LOST],
    ],
    ['owes the end of an answer', [began('r1'), second], ['response-ended'], [SPEECH_CUT]],
    [
      'owes no answer to a caller who is still speaking',
      [committed('c1'), transcribed('c1'), started('c2')],
      ['caller-stopped c2', 'caller-committed c2', 'caller-not-transcribed c2'],
      [WORDS_LOST],
    ],
  ])('%s', (_, events, told, notes) => {
    expect(owed(...events)).toEqual([told, notes]);
  });

  it('owes nobody the end of an answer that was given up', () => {
    const floor = after(began('r1'), second);
    floor.cancelled('r1');
    expect(debtsOf(floor, 0, 'closed')).toMatchObject({ events: [{ type: 'response-ended' }], notes: [] });
  });
});

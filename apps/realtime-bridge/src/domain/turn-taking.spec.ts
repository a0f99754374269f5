import { describe, expect, it } from '@jest/globals';
import { type Floor, TurnTaking, type Yielding } from './turn-taking.js';

const floor = (change: Partial<Floor>): Floor => ({
  hasUnheardSpeech: false,
  greetingUnheard: false,
  closing: false,
  confirming: false,
  ...change,
});
const active = { id: 'r1', purpose: 'answer' as const };

describe('when the caller begins to speak', () => {
  it.each<[string, Floor, Yielding]>([
    ['in silence, nothing is stopped', floor({}), 'listen'],
    ['over our speech, it pauses', floor({ hasUnheardSpeech: true }), 'pause'],
    [
      'over speech that is still being made, it pauses',
      floor({ hasUnheardSpeech: true, activeResponse: active }),
      'pause',
    ],
    ['while the model thinks, its answer is withdrawn', floor({ activeResponse: active }), 'withdraw'],
    [
      'before he heard any of the greeting, it goes on',
      floor({ hasUnheardSpeech: true, greetingUnheard: true }),
      'carry-on',
    ],
    ['over our good-bye, it goes on', floor({ hasUnheardSpeech: true, closing: true }), 'carry-on'],
    [
      'over what was agreed, it is finished first',
      floor({ hasUnheardSpeech: true, confirming: true }),
      'finish-first',
    ],
    ['after what was agreed was heard, nothing is stopped', floor({ confirming: true }), 'listen'],
  ])('%s', (_, given, yielding) => {
    expect(new TurnTaking().yieldingTo(given)).toBe(yielding);
  });
});

describe('a response', () => {
  it('that was given up is neither played nor obeyed afterwards', () => {
    const turns = new TurnTaking();
    turns.abandon('r1');
    expect(turns.isAbandoned('r1')).toBe(true);
    expect(turns.isAbandoned('r2')).toBe(false);
  });

  it.each([
    ['begins while the caller speaks: given up', 'speaks', 'answer', false, true],
    ['begins while the caller presses keys: given up', 'keys', 'answer', false, true],
    ['is the greeting, begun while the caller speaks: made', 'speaks', 'greeting', false, false],
    ['begins in silence: made', 'listens', 'answer', false, false],
    ['answers the caller behind our good-bye: given up', 'listens', 'answer', true, true],
    ['is the good-bye: made', 'speaks', 'goodbye', true, false],
  ] as const)('that %s', (_, caller, purpose, closing, givenUp) => {
    const turns = new TurnTaking();
    if (caller === 'speaks') turns.callerStarted();
    turns.callerKeys(caller === 'keys');
    expect(turns.mustGiveUp('r9', purpose, closing)).toBe(givenUp);
    expect(turns.isAbandoned('r9')).toBe(givenUp);
  });
});

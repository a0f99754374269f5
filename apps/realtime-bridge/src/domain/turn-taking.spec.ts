import { describe, expect, it } from '@jest/globals';
import { type Floor, TurnTaking } from './turn-taking.js';

const floor = (change: Partial<Floor>): Floor => ({
  hasUnheardSpeech: false,
  greetingUnheard: false,
  closing: false,
  ...change,
});
const active = { id: 'r1', purpose: 'answer' as const };

describe('when the caller begins to speak', () => {
  it.each<[string, Floor, boolean, string | undefined]>([
    ['in silence, nothing is stopped', floor({}), false, undefined],
    ['over our speech, it stops', floor({ hasUnheardSpeech: true }), true, undefined],
    [
      'over speech that is still being made, it stops and is cancelled',
      floor({ hasUnheardSpeech: true, activeResponse: active }),
      true,
      'r1',
    ],
    ['while the model thinks, its answer is cancelled', floor({ activeResponse: active }), false, 'r1'],
    [
      'before he heard any of the greeting, it goes on',
      floor({ hasUnheardSpeech: true, greetingUnheard: true }),
      false,
      undefined,
    ],
    ['over our good-bye, it goes on', floor({ hasUnheardSpeech: true, closing: true }), false, undefined],
  ])('%s', (_, given, stopPlayback, cancelResponseId) => {
    expect(new TurnTaking().callerStarted(given)).toEqual({ stopPlayback, cancelResponseId });
  });
});

describe('a response', () => {
  it('that was cancelled is neither played nor obeyed afterwards', () => {
    const turns = new TurnTaking();
    turns.callerStarted(floor({ activeResponse: active }));
    expect(turns.isAbandoned('r1')).toBe(true);
    expect(turns.isAbandoned('r2')).toBe(false);
  });

  it.each([
    ['begins while the caller speaks: given up', true, 'answer', false, true],
    ['is the greeting, begun while the caller speaks: made', true, 'greeting', false, false],
    ['begins in silence: made', false, 'answer', false, false],
    ['answers the caller behind our good-bye: given up', false, 'answer', true, true],
    ['is the good-bye: made', true, 'goodbye', true, false],
  ] as const)('that %s', (_, callerSpeaks, purpose, closing, givenUp) => {
    const turns = new TurnTaking();
    if (callerSpeaks) turns.callerStarted(floor({}));
    expect(turns.mustGiveUp('r9', purpose, closing)).toBe(givenUp);
    expect(turns.isAbandoned('r9')).toBe(givenUp);
  });
});

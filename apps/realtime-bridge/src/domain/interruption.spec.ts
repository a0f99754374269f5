import { describe, expect, it } from '@jest/globals';
import { Interruption, type InterruptionState, type InterruptionVerdict } from './interruption.js';

type Step = (interruption: Interruption) => InterruptionVerdict | void;

const began =
  (itemId: string, atMs = 0): Step =>
  (it) =>
    it.began(itemId, atMs);
const ended =
  (itemId: string, atMs: number): Step =>
  (it) =>
    it.ended(itemId, atMs);
const understood =
  (itemId: string, sound: Parameters<Interruption['understood']>[1]): Step =>
  (it) =>
    it.understood(itemId, sound);
const expired =
  (itemId: string): Step =>
  (it) =>
    it.expired(itemId);

describe('a caller over our speech', () => {
  it.each<[string, readonly Step[], InterruptionVerdict | undefined, InterruptionState]>([
    ['who has just begun is undecided', [began('a')], undefined, 'sounding'],
    [
      'who was short is undecided until his words are known',
      [began('a'), ended('a', 600)],
      'undecided',
      'awaiting-words',
    ],
    ['who was long wants the floor', [began('a', 100), ended('a', 701)], 'real', 'none'],
    ['who goes on and on wants the floor', [began('a'), expired('a')], 'real', 'none'],
    ['whose words do not come wants the floor', [began('a'), ended('a', 300), expired('a')], 'real', 'none'],
    ['who coughed does not', [began('a'), ended('a', 300), understood('a', 'noise')], 'false', 'none'],
    [
      'who said "mm-hm" does not',
      [began('a'), ended('a', 300), understood('a', 'back-channel')],
      'false',
      'none',
    ],
    [
      'who was our own echo does not',
      [began('a'), ended('a', 300), understood('a', 'echo')],
      'false',
      'none',
    ],
    ['who said "stop" does', [began('a'), ended('a', 300), understood('a', 'words')], 'real', 'none'],
    [
      'who coughs again before the first cough is decided is undecided',
      [began('a'), ended('a', 300), began('b', 500), understood('a', 'noise')],
      'undecided',
      'sounding',
    ],
    [
      'who coughed twice does not want it',
      [
        began('a'),
        ended('a', 300),
        began('b', 500),
        understood('a', 'noise'),
        ended('b', 700),
        understood('b', 'noise'),
      ],
      'false',
      'none',
    ],
    [
      'who coughed and then said "stop" does',
      [began('a'), ended('a', 300), began('b', 500), ended('b', 900), understood('b', 'words')],
      'real',
      'none',
    ],
    ['who was decided is not decided again', [began('a'), expired('a'), expired('a')], 'undecided', 'none'],
    ['of whom we know nothing changes nothing', [understood('x', 'words')], 'undecided', 'none'],
  ])('%s', (_, steps, verdict, state) => {
    const interruption = new Interruption();
    const verdicts = steps.map((step) => step(interruption));
    expect(verdicts.at(-1)).toBe(verdict);
    expect(interruption.state).toBe(state);
  });

  it('who presses a key wants the floor, if it was undecided', () => {
    const interruption = new Interruption();
    expect(interruption.insisted()).toBe('undecided');
    interruption.began('a', 0);
    expect(interruption.insisted()).toBe('real');
    expect(interruption.isUndecided).toBe(false);
  });
});

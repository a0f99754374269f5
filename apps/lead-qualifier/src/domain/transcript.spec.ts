import { describe, expect, it } from '@jest/globals';
import { callerLanguage, inOrder, missingSeqs, saidByCaller } from './transcript.js';
import type { Speaker, Utterance } from './transcript.js';

const line = (seq: number, speaker: Speaker, text: string, language = 'en'): Utterance => ({
  seq,
  speaker,
  text,
  language,
  startedAtMs: seq * 1_000,
  endedAtMs: seq * 1_000 + 800,
  interrupted: false,
});

describe('transcript', () => {
  const lines = [
    line(4, 'caller', 'Merci beaucoup, au revoir', 'fr-CA'),
    line(1, 'assistant', 'Hello'),
    line(2, 'caller', 'Hi'),
    line(3, 'caller', ' ... '),
  ];

  it('is in the order it was said, whatever the order it arrived in', () => {
    expect(inOrder(lines).map((each) => each.seq)).toEqual([1, 2, 3, 4]);
  });

  it('names the utterances that are missing', () => {
    expect(missingSeqs(lines, 4)).toEqual([]);
    expect(missingSeqs(lines, 6)).toEqual([5, 6]);
    expect(missingSeqs([line(2, 'caller', 'a')], 3)).toEqual([1, 3]);
    expect(missingSeqs([], 0)).toEqual([]);
  });

  it('does not count a sound without words as something the caller said', () => {
    expect(saidByCaller(lines).map((each) => each.seq)).toEqual([2, 4]);
  });

  it('takes the language that the caller spoke most', () => {
    expect(callerLanguage(lines)).toBe('fr-CA');
    expect(callerLanguage([line(1, 'assistant', 'Hello', 'en')])).toBeUndefined();
  });
});

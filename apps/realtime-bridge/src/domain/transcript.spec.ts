import { describe, expect, it } from '@jest/globals';
import { heardPrefix, type SpokenText, Transcript } from './transcript.js';

const said = (text: string): SpokenText => ({ text, language: 'en', startedAtMs: 0, endedAtMs: 1 });

describe('the transcript', () => {
  it("puts the caller's words before the answer, also when they are known only after it", () => {
    const transcript = new Transcript();
    transcript.begin('caller-1', 'caller');
    transcript.begin('assistant-1', 'assistant');
    expect(transcript.settle('assistant-1', 'assistant', said('Of course.'))).toEqual([]);
    const released = transcript.settle('caller-1', 'caller', said('Can you come?'));
    expect(released.map(({ seq, speaker }) => [seq, speaker])).toEqual([
      [1, 'caller'],
      [2, 'assistant'],
    ]);
  });

  it('leaves no gap for what was not understood', () => {
    const transcript = new Transcript();
    transcript.begin('noise', 'caller');
    transcript.begin('words', 'caller');
    transcript.settle('words', 'caller', said('Hello'));
    expect(transcript.giveUp('noise').map(({ seq, text }) => [seq, text])).toEqual([[1, 'Hello']]);
    expect(transcript.seqOf('noise')).toBe(0);
  });

  it('leaves no gap for silence', () => {
    const transcript = new Transcript();
    expect(transcript.settle('a', 'caller', said('  '))).toEqual([]);
    expect(transcript.settle('b', 'caller', said('x'))).toMatchObject([{ seq: 1 }]);
  });

  it('keeps words that come after their place was given up', () => {
    const transcript = new Transcript();
    transcript.begin('late', 'caller');
    transcript.giveUp('late');
    transcript.settle('next', 'assistant', said('next'));
    expect(transcript.settle('late', 'caller', said('late'))).toMatchObject([{ seq: 2, text: 'late' }]);
  });

  it('numbers an item once', () => {
    const transcript = new Transcript();
    transcript.settle('a', 'caller', said('one'));
    expect(transcript.settle('a', 'caller', said('one'))).toEqual([]);
    expect(transcript.lastSeq).toBe(1);
  });

  it('releases the rest when the call is over', () => {
    const transcript = new Transcript();
    transcript.begin('lost', 'caller');
    transcript.settle('a', 'assistant', said('bye'));
    expect(transcript.isComplete).toBe(false);
    expect(transcript.close()).toMatchObject([{ seq: 1, text: 'bye' }]);
    expect(transcript.isComplete).toBe(true);
  });
});

describe('the heard part of a sentence', () => {
  it.each([
    ['One two three four', 1_000, 1_000, 'One two three four'],
    ['One two three four', 500, 1_000, 'One two'],
    ['One two three four', 400, 1_000, 'One two'],
    ['One two three four', 100, 1_000, ''],
    ['One two three four', 0, 1_000, ''],
    ['One two three four', 10, 0, ''],
    ['One two three four', 2_000, 1_000, 'One two three four'],
  ])('of %j after %d of %d ms is %j', (text, heardMs, existingMs, heard) => {
    expect(heardPrefix(text, heardMs, existingMs)).toBe(heard);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { ModelEvent } from './model-session.js';
import { SessionMemory } from './session-memory.js';

const at = { responseId: 'r1', itemId: 'i1' };
const second: ModelEvent = {
  type: 'audio',
  ...at,
  contentIndex: 0,
  audio: Buffer.alloc(8_000).toString('base64'),
};
const words = (delta: string): ModelEvent => ({ type: 'words', ...at, delta });

const remembering = (...events: ModelEvent[]): SessionMemory => {
  const memory = new SessionMemory();
  for (const event of events) memory.hear(event);
  return memory;
};

const textsOf = ({ said }: SessionMemory): string[] => said.map(({ text }) => text);

describe('what a session remembers for the next one', () => {
  it('has the order in which it was said, also when words come late', () => {
    const memory = remembering({ type: 'caller-committed', itemId: 'c1' }, words('Since when?'), {
      type: 'caller-transcribed',
      itemId: 'c1',
      text: ' My sink leaks. ',
    });
    memory.hear({ type: 'caller-committed', itemId: 'c2' });
    expect(memory.said).toEqual([
      { speaker: 'caller', text: 'My sink leaks.' },
      { speaker: 'assistant', text: 'Since when?' },
    ]);
  });

  it('is no more than was heard of what was stopped, and nothing that comes late', () => {
    const memory = remembering(words('one two three four'), second, second);
    expect(memory.truncated('i1', 1_000, undefined)).toBe('one two');
    memory.hear(words(' five'));
    memory.hear({ type: 'speech-complete', ...at, text: 'one two three four five' });
    expect(textsOf(memory)).toEqual(['one two']);
    expect(memory.truncated('i1', 500, undefined)).toBeUndefined();
  });

  it('takes the heard words where they are known exactly', () => {
    const memory = remembering(words('one two three four'), second);
    memory.truncated('i1', 100, 'one');
    expect(textsOf(memory)).toEqual(['one']);
  });

  it('is nothing of what was given up before it had a sound', () => {
    const memory = remembering(words('Never said.'));
    memory.cancelled('r1');
    memory.hear(words(' Nor this.'));
    expect(textsOf(memory)).toEqual([]);
  });

  it('is the latest of a long call', () => {
    const memory = new SessionMemory();
    memory.add(Array.from({ length: 250 }, (_, i) => ({ speaker: 'caller', text: `${i}` })));
    expect(textsOf(memory)).toEqual(Array.from({ length: 200 }, (_, i) => `${i + 50}`));
  });
});

import { describe, expect, it } from '@jest/globals';
import { EarlyFrames, MAX_EARLY_FRAMES } from './early-frames.js';

describe('what the caller says before the model can hear it', () => {
  it('is handed on in order, before what comes later', () => {
    const heard: string[] = [];
    const frames = new EarlyFrames((audio) => heard.push(audio));
    frames.push('a');
    frames.push('b');
    expect(heard).toEqual([]);
    expect(frames.release()).toBe(2);
    frames.push('c');
    expect(heard).toEqual(['a', 'b', 'c']);
  });

  it('is kept within a bound, and nothing is dropped in silence', () => {
    const frames = new EarlyFrames(() => undefined);
    for (let i = 0; i < MAX_EARLY_FRAMES; i++) expect(frames.push('x')).toBe(true);
    expect(frames.push('x')).toBe(false);
    expect(frames.release()).toBe(MAX_EARLY_FRAMES);
  });
});

import { describe, expect, it } from '@jest/globals';
import { RecentAnswers } from './recent-answers.js';

describe('recent answers', () => {
  it('are given again while they are made and for as long as they are good', async () => {
    let nowMs = 0;
    let decide: (answer: { twiml: string; validForMs: number }) => void = () => undefined;
    const recent = new RecentAnswers(() => nowMs);
    const first = recent.keep('ca_1', () => new Promise((resolve) => (decide = resolve)));
    const again = recent.of('ca_1');
    decide({ twiml: '<Response/>', validForMs: 100 });
    expect(await first).toBe('<Response/>');
    expect(await again).toBe('<Response/>');
    nowMs = 99;
    expect(recent.of('ca_1')).toBeDefined();
    nowMs = 100;
    expect(recent.of('ca_1')).toBeUndefined();
    expect(recent.of('ca_2')).toBeUndefined();
  });

  it('are not kept when making them failed', async () => {
    const recent = new RecentAnswers();
    await expect(recent.keep('ca_1', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(recent.of('ca_1')).toBeUndefined();
  });
});

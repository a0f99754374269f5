import { describe, expect, it } from '@jest/globals';
import { inTimeOrder } from './in-time-order.ts';
import type { Narration } from './sandbox-calls.ts';

async function* from(lines: readonly Narration[]): AsyncGenerator<Narration> {
  yield* lines;
}

const told = async (...lines: readonly Narration[]): Promise<string[]> => {
  const texts: string[] = [];
  for await (const line of inTimeOrder(from(lines))) texts.push(line.text ?? line.type);
  return texts;
};

const greeting: Narration = {
  type: 'heard',
  who: 'assistant',
  text: 'Hello, this is the AI assist…',
  atMs: 300,
};
const interrupted: Narration = { type: 'interrupted', who: 'caller', atMs: 1_900 };
const question: Narration = { type: 'said', who: 'caller', text: 'What does a visit cost?', atMs: 1_900 };
const ended: Narration = { type: 'ended', atMs: 9_000 };

describe('inTimeOrder', () => {
  it('tells the sentence that was cut before the words that cut it', async () => {
    expect(await told(interrupted, question, greeting, ended)).toEqual([
      greeting.text,
      'interrupted',
      question.text,
      'ended',
    ]);
  });

  it('holds nothing back when the assistant was not heard at all', async () => {
    const answer: Narration = { type: 'heard', who: 'assistant', text: 'It costs 95 dollars.', atMs: 7_800 };
    expect(await told(interrupted, question, answer, ended)).toEqual([
      'interrupted',
      question.text,
      answer.text,
      'ended',
    ]);
    expect(await told(interrupted, question, ended)).toEqual(['interrupted', question.text, 'ended']);
    expect(await told(interrupted, question)).toEqual(['interrupted', question.text]);
  });

  it('leaves a call in which nobody is interrupted as it is', async () => {
    expect(await told(greeting, question, ended)).toEqual([greeting.text, question.text, 'ended']);
  });
});

import { describe, expect, it } from '@jest/globals';
import { ASKS_FOR_PERSON, Keypad, type KeyPress, MAX_KEYS } from './keypad.js';

const pressed = (keys: string): { keypad: Keypad; last: KeyPress | undefined } => {
  const keypad = new Keypad();
  const presses = [...keys].map((key) => keypad.press(key));
  return { keypad, last: presses.at(-1) };
};

describe('keys', () => {
  it.each<[string, string, KeyPress, string]>([
    ['are collected one by one', '613', 'collecting', '(keypad) 613'],
    ['are complete by the hash key, which is none of them', '6135550142#', 'complete', '(keypad) 6135550142'],
    [
      'are complete when there are enough',
      '7'.repeat(MAX_KEYS),
      'complete',
      `(keypad) ${'7'.repeat(MAX_KEYS)}`,
    ],
    ['that mean nothing are left out', '6*1A3', 'collecting', '(keypad) 613'],
    ['of one zero ask for a person', '0', 'collecting', ASKS_FOR_PERSON],
    ['of one zero and a hash ask for a person', '0#', 'complete', ASKS_FOR_PERSON],
    ['of a zero and more are a number', '0113', 'collecting', '(keypad) 0113'],
  ])('%s', (_, keys, last, text) => {
    const { keypad, last: actual } = pressed(keys);
    expect(actual).toBe(last);
    expect(keypad.take()).toBe(text);
    expect(keypad.isOpen).toBe(false);
  });

  it.each(['#', '*', 'A'])('begin with a digit, not with "%s"', (key) => {
    const { keypad, last } = pressed(key);
    expect(last).toBe('ignored');
    expect(keypad.isOpen).toBe(false);
  });
});

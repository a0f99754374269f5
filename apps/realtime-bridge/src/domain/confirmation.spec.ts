import { describe, expect, it } from '@jest/globals';
import { confirmsAgreed } from './confirmation.js';
import type { Captured, FieldKey } from './conversation-state.js';

const field = (name: FieldKey, value: string): Captured => ({
  name,
  value,
  evidenceItemId: '',
  readBack: false,
});
const KNOWN = [
  field('caller_name', 'Marie Côté'),
  field('callback_number', '+16135550142'),
  field('email', 'marie@example.com'),
  field('preferred_datetime', 'tomorrow morning'),
  field('consent_recording', 'yes'),
];

describe('a sentence of ours', () => {
  it.each<[string, string, boolean]>([
    ['that states the number confirms', 'I have your number as 613-555-0142.', true],
    ['that states the address confirms', 'I will write to Marie@example.com.', true],
    ['that states the name confirms, with or without accents', 'Thank you, Marie Cote.', true],
    ['that states the time confirms', 'See you tomorrow morning, then.', true],
    [
      'that reads back as a question can be interrupted',
      'Your number is 613-555-0142, is that right?',
      false,
    ],
    ['that goes on to a question can be interrupted', 'I have 613-555-0142. What is your name?', false],
    ['that states something else can be interrupted', 'A visit costs 95 dollars.', false],
    ['that says yes confirms no consent', 'Yes, we do that.', false],
    ['of which too few digits agree can be interrupted', 'We are at 0142 Main Street.', false],
  ])('%s', (_, text, confirms) => {
    expect(confirmsAgreed(text, KNOWN)).toBe(confirms);
  });
});

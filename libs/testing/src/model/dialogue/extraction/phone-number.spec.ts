import { describe, expect, it } from '@jest/globals';
import type { SpeechLanguage } from '../../../speech/speech.js';
import { LANGUAGES } from '../languages/index.js';
import { findPhoneNumber, groupDigits } from './phone-number.js';

describe('findPhoneNumber', () => {
  it.each<[SpeechLanguage, string, string]>([
    ['en', 'My number is 514-555-0199.', '5145550199'],
    ['en', 'Call me at (514) 555 0199 please', '5145550199'],
    ['en', "It's +1 613 555 0142", '+16135550142'],
    ['en', 'five one four, five five five, oh one nine nine', '5145550199'],
    ['en', 'six one three, triple five, zero one double four', '6135550144'],
    ['en', 'six thirteen, five five five, seventy-five, ninety-four', '6135557594'],
    ['en', 'five fourteen, five fifty-five, zero one ninety-nine', '5145550199'],
    ['en', 'It is 514 555 0199. Sorry, I mean 514 555 0188.', '5145550188'],
    ['fr', 'C’est le cinq un quatre, cinq cinq cinq, zéro un neuf neuf.', '5145550199'],
    ['fr', 'quatre cent dix-huit, cinq cent cinquante-cinq, zéro un quatre-vingt-dix-neuf', '4185550199'],
    ['fr', 'cinq cent quatorze, cinq cinq cinq, soixante-dix-neuf, vingt-deux', '5145557922'],
    ['es', 'Es el cinco uno cuatro, cinco cinco cinco, cero uno cuarenta y dos', '5145550142'],
    ['es', 'quinientos catorce, quinientos cincuenta y cinco, cero uno nueve nueve', '5145550199'],
    ['tl', 'Ang numero ko po ay zero nine one seven, five five five, zero one two three.', '09175550123'],
    ['tl', 'lima isa apat, lima lima lima, sero isa siyam siyam', '5145550199'],
  ])('%s: %s', (language, text, expected) => {
    expect(findPhoneNumber(text, LANGUAGES[language].hears)).toBe(expected);
  });

  it('does not take a time, a price or a house number for one', () => {
    expect(
      findPhoneNumber('Come at 9 30 to 1450 Main Street, I have 120 dollars.', LANGUAGES.en.hears),
    ).toBeUndefined();
  });

  it('reads digits back in the usual groups', () => {
    expect(['5145550199', '+15145550199', '09175550123', '5550199'].map(groupDigits)).toEqual([
      '514 555 0199',
      '1 514 555 0199',
      '0917 555 0123',
      '555 0199',
    ]);
  });
});

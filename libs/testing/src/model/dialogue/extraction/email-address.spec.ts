import { describe, expect, it } from '@jest/globals';
import type { SpeechLanguage } from '../../../speech/speech.js';
import { LANGUAGES } from '../languages/index.js';
import { findEmailAddress } from './email-address.js';

describe('findEmailAddress', () => {
  it.each<[SpeechLanguage, string, string]>([
    ['en', 'It is Daniel.Carter@Example.com.', 'daniel.carter@example.com'],
    ['en', 'My e-mail is daniel dot carter at example dot com.', 'daniel.carter@example.com'],
    ['en', 'd a n at mail dot example dot org', 'dan@mail.example.org'],
    ['en', 'It is carter 88 at example dot com, thanks', 'carter88@example.com'],
    ['en', 'jo underscore smith at my dash shop dot ca', 'jo_smith@my-shop.ca'],
    ['fr', 'C’est marie point tremblay arobase example point com.', 'marie.tremblay@example.com'],
    ['fr', 'helene tiret roy arobase example point ca', 'helene-roy@example.ca'],
    ['es', 'Mi correo es lucía guion bajo gómez arroba example punto com', 'lucia_gomez@example.com'],
    ['tl', 'Ang email ko po ay jun dot reyes at example dot ph', 'jun.reyes@example.ph'],
  ])('%s: %s', (language, text, expected) => {
    expect(findEmailAddress(text, LANGUAGES[language].hears)?.address).toBe(expected);
  });

  it('finds none in a sentence about time and place', () => {
    expect(findEmailAddress('Meet me at the corner at nine.', LANGUAGES.en.hears)).toBeUndefined();
  });

  it('takes the address out of the rest of the sentence', () => {
    expect(findEmailAddress('a5145550199@example.com and hello', LANGUAGES.en.hears)?.rest).not.toContain(
      '5145550199',
    );
  });
});

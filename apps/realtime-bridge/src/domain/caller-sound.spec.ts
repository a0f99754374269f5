import { describe, expect, it } from '@jest/globals';
import { type CallerSound, judgeSound, spokenLately } from './caller-sound.js';

const SAYING = { lately: 'we can come tomorrow between nine and noon', hasAsked: false };

describe('a short sound over our speech', () => {
  it.each<[string, string, CallerSound]>([
    ['en', '', 'noise'],
    ['en', ' ... ', 'noise'],
    ['en', '[coughs]', 'noise'],
    ['fr', '(toux)', 'noise'],
    ['en-CA', 'Mm-hm.', 'back-channel'],
    ['en', 'Uh-huh', 'back-channel'],
    ['en', 'Okay, right.', 'back-channel'],
    ['en', 'Yes', 'back-channel'],
    ['fr-CA', 'Hum-hum', 'back-channel'],
    ['fr', "D'accord", 'back-channel'],
    ['fr', 'D’accord, oui oui.', 'back-channel'],
    ['fr', 'OK', 'back-channel'],
    ['fr', 'Très bien', 'back-channel'],
    ['es', 'Ajá', 'back-channel'],
    ['es', 'Mhm', 'back-channel'],
    ['es', 'Sí, vale', 'back-channel'],
    ['es-MX', '¡Claro!', 'back-channel'],
    ['tl', 'Opo', 'back-channel'],
    ['fil-PH', 'Oo nga po', 'back-channel'],
    ['tl', 'Sige po', 'back-channel'],
    ['en', 'Stop', 'words'],
    ['en', 'No', 'words'],
    ['en', 'Wait, wait!', 'words'],
    ['en', 'Okay, but no', 'words'],
    ['en', 'Right here', 'words'],
    ['fr', 'Non', 'words'],
    ['fr', 'Attendez', 'words'],
    ['es', 'Espere', 'words'],
    ['es', 'No', 'words'],
    ['tl', 'Hindi po', 'words'],
    ['tl', 'Teka lang', 'words'],
    ['en', 'tomorrow between nine', 'echo'],
    ['en', 'Noon.', 'echo'],
    ['en', 'tomorrow at nine', 'words'],
    ['en', 'two', 'words'],
    ['fr', 'oo', 'words'],
  ])('(%s) "%s" is %s', (language, text, sound) => {
    expect(judgeSound(text, language, SAYING)).toBe(sound);
  });

  it('is words when it repeats one of ours to object', () => {
    expect(judgeSound('No', 'en', { lately: 'there is no charge', hasAsked: false })).toBe('words');
  });

  it.each([
    ['en', 'Yes'],
    ['fr', 'Oui'],
    ['es', 'Sí'],
    ['tl', 'Opo'],
  ])('(%s) "%s" answers a question that has come to its end', (language, text) => {
    expect(judgeSound(text, language, { lately: 'is that right', hasAsked: true })).toBe('words');
  });
});

describe('what we have said lately', () => {
  const TEXT = 'Thank you. Is it a leak? We can come tomorrow between nine and noon if you like that.';
  const at = (heardMs: number, before = '') =>
    spokenLately({ text: TEXT, heardMs, existingMs: 8_500 }, before);

  it('is the last three seconds, in whole words', () => {
    expect(at(6_000).lately).toBe('can come tomorrow between nine and');
  });

  it('begins in the sentence before while this one is young', () => {
    expect(at(500, 'Hello there.').lately).toBe('Hello there. Thank');
  });

  it('is only what was before, when nothing of it has been heard', () => {
    expect(at(0, 'Hello there.')).toEqual({ lately: 'Hello there.', hasAsked: false });
  });

  it.each([
    [1_300, false],
    [1_500, true],
    [2_400, true],
    [3_300, true],
    [3_600, false],
  ])('at %i ms has asked a question that ends at 2,400 ms: %s', (heardMs, hasAsked) => {
    expect(at(heardMs).hasAsked).toBe(hasAsked);
  });
});

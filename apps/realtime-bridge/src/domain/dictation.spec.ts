import { describe, expect, it } from '@jest/globals';
import { askedToDictate, Dictation } from './dictation.js';
import { normaliseFor } from './field-values.js';

const normalise = normaliseFor('CA');
const dictation = () => new Dictation((digits) => 'value' in normalise('callback_number', digits));

describe('our words', () => {
  it.each([
    ['en', 'Thank you, Marie. What is the best number to call you back?', 'number'],
    ['en', 'Please tell me your phone number.', 'number'],
    ['en', 'What is your e-mail address?', 'mail-address'],
    ['en', 'Could you spell that for me, please?', 'mail-address'],
    ['fr-CA', 'À quel numéro peut-on vous rappeler?', 'number'],
    ['fr', 'Quelle est votre adresse courriel?', 'mail-address'],
    ['fr', 'Pouvez-vous épeler, s’il vous plaît ?', 'mail-address'],
    ['es', '¿A qué número le podemos llamar?', 'number'],
    ['es', '¿Cuál es su correo electrónico?', 'mail-address'],
    ['tl', 'Ano po ang numero na puwede naming tawagan?', 'number'],
    ['fil', 'Ano po ang e-mail address ninyo?', 'mail-address'],
    ['en', 'I have your number as 613 555 0142, is that right?', 'nothing'],
    ['en', 'Is that number correct?', 'nothing'],
    ['fr', 'J’ai noté le 613 555 0142, c’est bien ça?', 'nothing'],
    ['es', 'Tengo el 613 555 0142, ¿es correcto?', 'nothing'],
    ['tl', 'Ang numero po ninyo ay 613 555 0142, tama po ba?', 'nothing'],
    ['en', 'Somebody will call you at that number.', 'nothing'],
    ['en', 'I have your number. When would be a good time?', 'nothing'],
  ])('(%s) "%s" ask for: %s', (language, text, asked) => {
    expect(askedToDictate(text, language)).toBe(asked);
  });
});

describe('a caller', () => {
  it.each<[string, string, string, string, boolean]>([
    ['has begun a number', 'en', '', 'It is 613 555', true],
    ['has begun a number in spoken digits', 'en', '', 'six one three', true],
    ['has begun a number in spoken digits', 'fr', '', 'six un trois', true],
    ['has begun a number in spoken digits', 'es', '', 'seis uno tres', true],
    ['has given a whole number', 'en', '', 'It is 613 555 0142', false],
    ['has told a time', 'en', '', 'Tomorrow at 10', false],
    ['has begun the number he was asked for', 'en', 'What is your number?', 'It is 6', true],
    ['has begun an address', 'en', '', 'It is marie@', true],
    ['has begun an address', 'fr', '', 'marie@exemple', true],
    ['has given a whole address', 'en', '', 'It is marie@example.com.', false],
    ['has begun the address he was asked for', 'en', 'What is your e-mail?', 'marie dot', true],
    ['has begun the address he was asked for', 'en', 'What is your e-mail?', 'marie at example', true],
    ['has begun to spell', 'en', 'What is your e-mail?', 'm a r', true],
    ['has begun the address he was asked for', 'fr', 'Votre adresse courriel ?', 'marie arobase', true],
    ['has begun the address he was asked for', 'es', '¿Su correo?', 'marie arroba ejemplo', true],
    ['has begun the address he was asked for', 'tl', 'Ano po ang email ninyo?', 'marie at gmail', true],
    [
      'has given the address he was asked for',
      'en',
      'What is your e-mail?',
      'marie at example dot com',
      false,
    ],
    ['has no address', 'en', 'What is your e-mail?', 'I do not have one', false],
    ['means a place', 'en', '', 'I am at home', false],
  ])('%s (%s): after "%s", "%s"', (_, language, ours, text, isLikely) => {
    const it = dictation();
    if (ours !== '') it.weAreHeard(ours, language);
    it.callerSaid(text, language);
    expect(it.isLikely).toBe(isLikely);
  });

  it('may dictate a number in three turns, and is expected to until it is whole', () => {
    const it = dictation();
    it.weAreHeard('What is your number?', 'en');
    expect(it.isLikely).toBe(true);
    it.callerSaid('613', 'en');
    it.weAreHeard('Yes, go on.', 'en');
    expect(it.isLikely).toBe(true);
    it.callerSaid('555', 'en');
    expect(it.isLikely).toBe(true);
    it.callerSaid('0142', 'en');
    expect(it.isLikely).toBe(false);
  });

  it('who begins the number anew ends with the new one', () => {
    const it = dictation();
    it.callerSaid('It is 613 55', 'en');
    it.callerSaid('sorry, 613 555 0142', 'en');
    expect(it.isLikely).toBe(false);
  });

  it('who was asked and says something else is not waited for again', () => {
    const it = dictation();
    it.weAreHeard('What is your number?', 'en');
    it.callerSaid('Why do you need it?', 'en');
    expect(it.isLikely).toBe(false);
  });
});

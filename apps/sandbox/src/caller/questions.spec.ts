import { describe, expect, it } from '@jest/globals';
import { ASKABLE } from '../scenarios/scenario.js';
import { askedFor, asksToAgree } from './questions.js';

describe('askedFor', () => {
  it.each([
    ['May I have your name, please?', 'caller_name'],
    ['Thank you, Marie. What is the best number to call you back?', 'callback_number'],
    ['Got your number, 613 555 0142. What is your email address?', 'email'],
    ['And when would you like us to come?', 'preferred_datetime'],
    ['I have your number as 613 555 0142. When would be a good time for our visit?', 'preferred_datetime'],
    ['Thank you. What can we do for you?', 'job_summary'],
    ['Que pouvons-nous faire pour vous?', 'job_summary'],
    ['Quel moment vous conviendrait pour notre visite?', 'preferred_datetime'],
    ['¿Qué podemos hacer por usted?', 'job_summary'],
    ['Ano po ang maipaglilingkod namin?', 'job_summary'],
    ['Ang numero po ninyo ay 613 555 0166. Ano po ang e-mail address ninyo?', 'email'],
    ['How can I help you today?', 'job_summary'],
    ['Quel est votre nom?', 'caller_name'],
    ['À quel numéro peut-on vous joindre?', 'callback_number'],
    ['Quelle est votre adresse courriel?', 'email'],
    ['Quand aimeriez-vous que nous passions?', 'preferred_datetime'],
    ['¿Cuál es su nombre?', 'caller_name'],
    ['¿A qué número podemos llamarle?', 'callback_number'],
    ['¿Cuál es su correo electrónico?', 'email'],
    ['¿Cuándo le conviene la visita?', 'preferred_datetime'],
    ['Ano po ang pangalan ninyo?', 'caller_name'],
    ['Ano po ang numero ninyo?', 'callback_number'],
    ['Ano po ang email ninyo?', 'email'],
    ['Kailan po ninyo gusto?', 'preferred_datetime'],
    ['Thank you, good-bye.', undefined],
  ])('hears in "%s" a question for %s', (heard, field) => {
    expect(askedFor(heard, ASKABLE)).toBe(field);
  });

  it('hears only what the caller has an answer to', () => {
    expect(askedFor('What is your email address?', ['caller_name'])).toBeUndefined();
  });
});

describe('asksToAgree', () => {
  it.each(['Is that right?', 'Est-ce exact?', '¿Es correcto?', 'Tama po ba?'])('"%s"', (heard) => {
    expect(asksToAgree(heard)).toBe(true);
  });
});

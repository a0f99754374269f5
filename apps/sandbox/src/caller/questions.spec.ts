import { describe, expect, it } from '@jest/globals';
import { ASKABLE } from '../scenarios/scenario.js';
import { askedFor, asksToAgree } from './questions.js';

describe('askedFor', () => {
  it.each([
    ['May I have your name, please?', 'caller_name'],
    ['Thank you, Marie. What is the best number to call you back?', 'callback_number'],
    ['Got your number, 613 555 0142. What is your email address?', 'email'],
    ['And when would you like us to come?', 'preferred_datetime'],
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

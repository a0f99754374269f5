import { describe, expect, it } from '@jest/globals';
import { spokenEmail, spokenName, spokenNumber, spokenTime } from './spoken-contacts.js';

describe('spokenNumber', () => {
  it.each([
    ['My number is 613-555-0142.', '6135550142'],
    ['You can reach me at +1 (613) 555 0142, thanks', '+16135550142'],
    ['It is six one three, five five five, oh one four two', '6135550142'],
    ['C’est le six un trois cinq cinq cinq zéro un quatre deux', '6135550142'],
    ['Mi número es seis uno tres cinco cinco cinco cero uno cuatro dos', '6135550142'],
    ['Ang numero ko ay siyam isa pito lima lima lima zero isa apat dalawa', '9175550142'],
  ])('reads %s', (said, expected) => {
    expect(spokenNumber([said])).toBe(expected);
  });

  it('takes the last when the caller corrects it', () => {
    expect(spokenNumber(['My number is 613 555 0199', 'Sorry, it is 613 555 0142'])).toBe('6135550142');
  });

  it.each([['I live at 1424 Elm Street'], ['We are two or three people'], ['']])(
    'finds none in "%s"',
    (said) => {
      expect(spokenNumber([said])).toBeUndefined();
    },
  );
});

describe('spokenEmail', () => {
  it.each([
    ['Write to Marie.Tremblay@example.com please', 'marie.tremblay@example.com'],
    ['marie at example dot com', 'marie@example.com'],
    ['c’est marie arobase exemple point ca', 'marie@exemple.ca'],
    ['es maria arroba ejemplo punto com', 'maria@ejemplo.com'],
    ['m a r i e at example dot com', 'marie@example.com'],
    ['It is marie underscore t at mail dot example dot com', 'marie_t@mail.example.com'],
  ])('reads %s', (said, expected) => {
    expect(spokenEmail([said])).toBe(expected);
  });

  it('finds none where none was said', () => {
    expect(spokenEmail(['I will be at home at noon.'])).toBeUndefined();
  });
});

describe('spokenName', () => {
  it.each([
    ['Hi, my name is Marie Tremblay and my sink leaks', 'Marie Tremblay'],
    ['my name is marie tremblay', 'Marie Tremblay'],
    ['Hello, this is Juan de la Cruz calling.', 'Juan de la Cruz'],
    ["I'm Sarah O'Connor, I need a plumber", "Sarah O'Connor"],
    ['Bonjour, je m’appelle Zoé Bélanger', 'Zoé Bélanger'],
    ['Ici Jean-Pierre Roy', 'Jean-Pierre Roy'],
    ['Me llamo José Núñez y tengo una fuga', 'José Núñez'],
    ['Ako po si Maria Santos', 'Maria Santos'],
    ['Ang pangalan ko ay Jose Reyes', 'Jose Reyes'],
  ])('reads %s', (said, expected) => {
    expect(spokenName([said])).toBe(expected);
  });

  it.each([
    ["I'm looking for a plumber"],
    ['This is about my invoice'],
    ["C'est pour une fuite"],
    ['Soy cliente de ustedes'],
  ])('finds none in "%s"', (said) => {
    expect(spokenName([said])).toBeUndefined();
  });
});

describe('spokenTime', () => {
  it.each([
    ['Could you come tomorrow after three?', 'tomorrow after three'],
    ['Next Tuesday morning would be fine.', 'Next Tuesday morning would be fine'],
    ['Demain après-midi, si possible', 'Demain après-midi'],
    ['Puede ser el viernes por la tarde.', 'el viernes por la tarde'],
    ['Bukas ng umaga po', 'Bukas ng umaga po'],
  ])('reads %s', (said, expected) => {
    expect(spokenTime([said])).toBe(expected);
  });

  it('finds none where none was said', () => {
    expect(spokenTime(['My sink is leaking'])).toBeUndefined();
  });
});

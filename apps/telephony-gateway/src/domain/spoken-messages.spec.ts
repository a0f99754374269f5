import { describe, expect, it } from '@jest/globals';
import { messagesFor, type Occasion } from './spoken-messages.js';

const occasions: readonly Occasion[] = [
  'unknown_number',
  'number_inactive',
  'no_capacity',
  'connection_lost',
];

describe('what we say to a caller', () => {
  it("is in the tenant's languages, two at most, with the business's name", () => {
    const messages = messagesFor('no_capacity', {
      languages: ['fr-CA', 'en-CA', 'es'],
      businessName: 'Plomberie Tremblay',
    });
    expect(messages.map(({ language }) => language)).toEqual(['fr-CA', 'en-CA']);
    expect(messages[0]?.text).toContain('Merci d’avoir appelé Plomberie Tremblay.');
  });

  it('says nothing twice to a tenant with two variants of one language', () => {
    expect(messagesFor('no_capacity', { languages: ['en-CA', 'en-US'], businessName: '' })).toHaveLength(1);
  });

  it.each([[[]], [['zz']]])('is English for the languages %j', (languages) => {
    expect(messagesFor('unknown_number', { languages, businessName: '' })).toMatchObject([
      { language: 'en' },
    ]);
  });

  it.each(['en', 'fr', 'es', 'tl', 'fil'])(
    'exists for every occasion in %s, with and without a name',
    (language) => {
      for (const occasion of occasions) {
        const [message] = messagesFor(occasion, { languages: [language], businessName: '' });
        expect(message?.language).toBe(language);
        expect(message?.text).not.toMatch(/\s[.,]|undefined| {2}/);
      }
    },
  );
});

import { describe, expect, it } from '@jest/globals';
import type { AssistantProfile } from './assistant-profile.js';
import { buildInstructions, greetingOf, greetInstruction } from './instructions.js';
import { LanguageFollowing } from './languages.js';

const profile: AssistantProfile = {
  tenantId: 'tn_1',
  businessName: 'Rideau Plumbing',
  languages: ['en-CA', 'fr-CA', 'es', 'tl'],
  timeZone: 'America/Toronto',
  region: 'CA',
  greetings: { 'fr-CA': 'Bonjour, ici une IA.' },
  voice: 'marin',
  services: ['drains', 'boilers'],
  serviceArea: 'Ottawa',
  openingHours: 'Monday to Friday 8:00-17:00',
  facts: ['A visit costs\n 80 dollars.'],
  datedFacts: [
    { text: 'Boilers are half price.', validFrom: '2026-12-01', validUntil: '2026-12-24' },
    { text: 'We are closed.', validFrom: '2026-12-24T12:00', validUntil: '' },
  ],
  silenceDurationMs: 0,
  prefixPaddingMs: 0,
  silenceNudgeMs: 0,
  model: '',
  escalationWords: [],
  adapter: 'openai-realtime',
  elevenlabsVoiceId: '',
};

/** A sixth more than o200k_base counts, which is 937 for the business below: a token for each five letters begun, and for each sign. */
const tokensAtMost = (text: string): number =>
  (text.match(/\p{L}{1,5}|\p{N}{1,3}|[^\p{L}\p{N}\s]|\n/gu) ?? []).length;

/** 08:30 in Toronto */
const MORNING = new Date('2026-12-24T13:30:00Z');
const instructionsOf = (changes: Partial<AssistantProfile> = {}, at = MORNING): string =>
  buildInstructions({ ...profile, ...changes }, at);

describe('the instructions', () => {
  it.each([
    'You are the receptionist of Rideau Plumbing.',
    'Answer in at most two sentences.',
    'Languages: en-CA, fr-CA, es, tl',
    'Services: drains, boilers',
    'Service area: Ottawa',
    'Opening hours: Monday to Friday 8:00-17:00',
    'Facts:',
    '- A visit costs 80 dollars.',
    'Find out, one at a time: caller_name, callback_number, email, job_summary, preferred_datetime.',
  ])('hold the line %j', (line) => {
    expect(instructionsOf().split('\n')).toContain(line);
  });

  it('leave out what the tenant did not say', () => {
    const silent = instructionsOf({ services: [], facts: [], datedFacts: [], serviceArea: '' });
    expect(silent).not.toMatch(/Services:|Facts:|Service area:/);
  });

  it('hold of the facts with dates those that are true when the phone rings', () => {
    expect(instructionsOf()).toContain(
      'Facts:\n- Boilers are half price (until 2026-12-24).\n- A visit costs 80 dollars.\nSay nothing',
    );
    const evening = instructionsOf({}, new Date('2026-12-25T04:00:00Z'));
    expect(evening).toContain('- Boilers are half price');
    expect(evening).toContain('- We are closed.');
    expect(instructionsOf({}, new Date('2026-12-25T05:00:00Z'))).not.toContain('half price');
  });

  it('give what is true today before the rest, and 60 facts at most', () => {
    const facts = instructionsOf({ facts: Array.from({ length: 100 }, (_, index) => `Fact ${index}.`) })
      .split('\n')
      .filter((line) => /^- (?:Fact|Boilers)/.test(line));
    expect(facts).toHaveLength(60);
    expect(facts[0]).toMatch(/Boilers/);
  });

  it('end with the time of the business, so that what stands before can be cached', () => {
    expect(instructionsOf().split('\n').at(-1)).toBe(
      'It is Thursday, 2026-12-24, 08:30, in America/Toronto.',
    );
  });

  it('know only the languages of the business, and how these are spoken', () => {
    const styles = /vous|usted|opo|Canadian English/g;
    expect(instructionsOf({ languages: ['fr-CA', 'fil-PH'] }).match(styles)).toEqual(['vous', 'opo']);
    expect(instructionsOf().match(styles)).toHaveLength(4);
    expect(instructionsOf({ languages: ['de'] })).not.toMatch(/How each is spoken|switch_language/);
  });

  it('stay below 1,200 tokens for an ordinary business that speaks four languages', () => {
    const ordinary: Partial<AssistantProfile> = {
      services: ['plumbing repairs', 'furnace repairs', 'water heaters', 'drain cleaning'],
      serviceArea: 'Ottawa and Gatineau',
      openingHours: 'Monday to Friday 8:00-17:00, emergencies at any hour',
      facts: [
        'A service call costs 95 dollars, and it is credited towards the repair.',
        'Emergency visits arrive within two hours.',
        'All work is guaranteed for one year.',
      ],
      escalationWords: ['gas leak', 'flood', 'fire'],
    };
    expect(tokensAtMost(instructionsOf(ordinary))).toBeLessThan(1_200);
  });
});

describe('the greeting', () => {
  it.each([
    ['en-CA', /AI assistant of Rideau Plumbing/],
    ['fr-CA', /^Bonjour, ici une IA\.$/],
    ['es', /inteligencia artificial/],
    ['tl', /AI assistant ng/],
    ['fil-PH', /AI assistant ng/],
    ['de', /AI assistant of/],
  ])('in %s discloses that a machine answers', (language, expected) => {
    expect(greetingOf(profile, language)).toMatch(expected);
  });

  it('is handed to the model as a quotation that its own quotes cannot end', () => {
    expect(greetInstruction('Say "hi"\nnow')).toBe(`Greet the caller: "Say 'hi' now"`);
  });
});

describe('the language', () => {
  it.each([
    ['fr', 'fr-CA'],
    ['FR-ca', 'fr-CA'],
    ['fil', 'tl'],
    ['en-US', 'en-CA'],
    ['de', undefined],
  ])('asked for as %s becomes %s', (wanted, expected) => {
    const following = new LanguageFollowing(profile.languages);
    expect(following.switchTo(wanted)).toBe(expected);
    expect(following.current).toBe(expected ?? 'en-CA');
  });
});

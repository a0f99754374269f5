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
  silenceDurationMs: 0,
  prefixPaddingMs: 0,
  silenceNudgeMs: 0,
  model: '',
  escalationWords: [],
  adapter: 'openai-realtime',
  elevenlabsVoiceId: '',
};

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
    expect(buildInstructions(profile).split('\n')).toContain(line);
  });

  it('leave out what the tenant did not say', () => {
    expect(buildInstructions({ ...profile, services: [], facts: [], serviceArea: '' })).not.toMatch(
      /Services:|Facts:|Service area:/,
    );
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

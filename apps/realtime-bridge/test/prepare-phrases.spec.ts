import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '@tradeline/testing';
import { type AssistantProfile, Assistants } from '../src/domain/assistant-profile.js';
import { PHRASE_NAMES } from '../src/domain/phrases.js';
import { LOOK_AGAIN_MS, PreparePhrases } from '../src/features/prepare-phrases/prepare-phrases.js';
import { speakingPlan } from '../src/features/prepare-phrases/speaking-plan.js';
import { OpenAiRealtimeSessions } from '../src/integrations/openai-realtime/openai-realtime-session.js';
import { PhraseKeys } from '../src/integrations/phrases/phrase-keys.js';
import { PhraseMemory } from '../src/integrations/phrases/phrase-memory.js';
import { eventually, PROFILE } from './bridge-under-test.js';
import { type ModelMessage, ScriptedModel, type ScriptedSession } from './scripted-model.js';

const DEFAULTS = {
  defaultModel: 'gpt-realtime-2.1',
  elevenLabs: { apiKey: '', modelId: '', defaultVoiceId: '' },
};
const KEYS = new PhraseKeys(DEFAULTS);
const ENGLISH: AssistantProfile = { ...PROFILE, languages: ['en-CA'] };

/** What all bridges share: the bucket, and the claims on what is being made. */
class SharedStore {
  readonly sounds = new Map<string, { bytes: Uint8Array; storedAt: Date }>();
  readonly claims = new Map<string, string>();
  readonly puts: string[] = [];
  readonly busy = new Map<string, string>();
  isAway = false;

  constructor(private readonly clock: FakeClock) {}

  of(instance: string) {
    return {
      get: async (key: string) => {
        if (this.isAway) throw new Error('the bus is away');
        return this.sounds.get(key);
      },
      put: async (key: string, bytes: Uint8Array) => {
        this.puts.push(key);
        this.sounds.set(key, { bytes, storedAt: this.clock.now() });
      },
      announceBusy: async (tenantId: string, language: string, key: string) => {
        this.busy.set(`${tenantId} ${language}`, key);
      },
      claim: async (key: string) => {
        if (this.isAway) throw new Error('the bus is away');
        if (!this.claims.has(key)) this.claims.set(key, instance);
        return this.claims.get(key) === instance;
      },
    };
  }
}

interface Bridge {
  readonly assistants: Assistants;
  readonly memory: PhraseMemory;
  readonly prepare: PreparePhrases;
}

let clock: FakeClock;
let store: SharedStore;
let model: ScriptedModel;
let bridges: Bridge[];

beforeEach(async () => {
  clock = new FakeClock();
  store = new SharedStore(clock);
  model = await ScriptedModel.start();
  model.onOrder = (session, order) => speak(session, order, quoteOf(order));
  bridges = [];
});

afterEach(async () => {
  for (const { prepare } of bridges) prepare.stop();
  await model.stop();
});

const bridge = (instance = 'b1'): Bridge => {
  const sessions = new OpenAiRealtimeSessions({ baseUrl: model.baseUrl, apiKey: 'sk-test' }, clock);
  const assistants = new Assistants();
  const memory = new PhraseMemory(KEYS);
  const prepare = new PreparePhrases({
    clock,
    assistants,
    keys: KEYS,
    memory,
    store: store.of(instance),
    open: (profile) => sessions.open(speakingPlan(profile, DEFAULTS.defaultModel)),
  });
  const started = { assistants, memory, prepare };
  bridges.push(started);
  return started;
};

const quoteOf = ({ response }: ModelMessage): string =>
  /"(.*)"/.exec((response as { instructions: string }).instructions)?.[1] ?? '';

let serial = 0;

const speak = (session: ScriptedSession, order: ModelMessage, words: string): void => {
  serial += 1;
  const audio = new TextEncoder().encode(words);
  session.answer(`r${serial}`, `i${serial}`, audio, words, [], String(order['event_id']));
};

const ordered = (): string[] =>
  model.sessions.flatMap((session) => session.ofType('response.create').map(quoteOf));

/** The scripted model's sound of words is their letters. */
const wordsOf = (
  { memory }: Bridge,
  phrase: (typeof PHRASE_NAMES)[number],
  language = 'en-CA',
  profile = ENGLISH,
) => {
  const found = memory.of(profile, language, phrase);
  return found && Buffer.from(found.audio, 'base64').toString();
};

const GREETING = 'Hello, this is the AI assistant of Rideau Plumbing. How can I help you?';

const allMade = (count: number) => eventually(() => expect(store.sounds.size).toBe(count));

describe('the phrases of a tenant', () => {
  it('are made in each of its languages, in its own voice, before anybody calls', async () => {
    const one = bridge();
    await one.prepare.follow();
    one.assistants.know({ ...PROFILE, voice: 'cedar', model: 'gpt-realtime-2.1-mini' });
    await allMade(16);
    expect(wordsOf(one, 'greeting', 'en-CA', one.assistants.of('tn_one'))).toBe(GREETING);
    expect(wordsOf(one, 'filler', 'fr-CA', one.assistants.of('tn_one'))).toBe("Un instant, s'il vous plaît.");
    for (const session of model.sessions) {
      expect(session.path).toMatch(/model=gpt-realtime-2.1-mini$/);
      expect(session.ofType('session.update')[0]).toMatchObject({
        session: { audio: { output: { format: { type: 'audio/pcmu' }, voice: 'cedar' } }, tools: [] },
      });
    }
  });

  it('tell the door of the phone network which of them says that all lines are busy', async () => {
    const one = bridge();
    await one.prepare.follow();
    one.assistants.know(PROFILE);
    await allMade(16);
    await eventually(() => expect([...store.busy.keys()]).toEqual(['tn_one en-CA', 'tn_one fr-CA']));
    const sound = store.sounds.get(store.busy.get('tn_one en-CA') ?? '');
    expect(Buffer.from(sound?.bytes ?? []).toString()).toMatch(
      /^Thank you for calling Rideau Plumbing\. All our lines/,
    );
  });

  it('begin with the greeting in the first language, and need few sessions', async () => {
    const one = bridge();
    await one.prepare.follow();
    one.assistants.know(PROFILE);
    await allMade(16);
    expect(model.sessions[0]?.ofType('response.create').map(quoteOf)).toEqual([GREETING]);
    expect(model.sessions).toHaveLength(3);
    await eventually(() => expect(model.sessions.every(({ isClosed }) => isClosed)).toBe(true));
  });

  it('of many tenants are made two sessions at a time, every greeting first', async () => {
    model.onOrder = () => undefined;
    const one = bridge();
    await one.prepare.follow();
    for (const tenantId of ['tn_a', 'tn_b', 'tn_c'])
      one.assistants.know({ ...ENGLISH, tenantId, businessName: tenantId });
    await eventually(() => expect(ordered()).toHaveLength(2));
    expect(model.sessions).toHaveLength(2);
    model.onOrder = (session, order) => speak(session, order, quoteOf(order));
    for (const session of model.sessions)
      for (const order of session.ofType('response.create')) speak(session, order, quoteOf(order));
    await eventually(() => expect(ordered().length).toBeGreaterThan(3));
    expect(
      ordered()
        .slice(0, 3)
        .every((words) => words.startsWith('Hello, this is the AI')),
    ).toBe(true);
  });

  it('that are the same words in the same voice are made once for all tenants', async () => {
    const one = bridge();
    await one.prepare.follow();
    one.assistants.know(ENGLISH);
    await allMade(8);
    one.assistants.know({ ...ENGLISH, tenantId: 'tn_two', businessName: 'Nordic' });
    await allMade(10);
    expect(
      ordered()
        .slice(8)
        .every((words) => words.includes('Nordic')),
    ).toBe(true);
  });

  it('are made anew where a change of the profile asks for it, and only there', async () => {
    const one = bridge();
    await one.prepare.follow();
    one.assistants.know(ENGLISH);
    await allMade(8);
    one.assistants.know({ ...ENGLISH, greetings: { 'en-CA': 'Rideau, AI assistant speaking.' } });
    await allMade(9);
    expect(ordered().slice(8)).toEqual(['Rideau, AI assistant speaking.']);
  });
});

describe('a change of the profile', () => {
  it('while its phrases wait spares the model those that nobody will hear', async () => {
    model.onOrder = () => undefined;
    const one = bridge();
    await one.prepare.follow();
    one.assistants.know({ ...ENGLISH, businessName: 'Old' });
    await eventually(() => expect(ordered()).toHaveLength(2));
    one.assistants.know({ ...ENGLISH, businessName: 'New' });
    model.onOrder = (session, order) => speak(session, order, quoteOf(order));
    for (const session of model.sessions)
      for (const order of session.ofType('response.create')) speak(session, order, quoteOf(order));
    // Those of both names that are the same, the old greeting, which was being made, and the two that name the business anew.
    await allMade(9);
    expect(ordered().filter((words) => words.includes('Old'))).toHaveLength(1);
  });
});

describe('a rendering', () => {
  it('with other words is thrown away and tried again', async () => {
    let attempts = 0;
    model.onOrder = (session, order) => {
      const isGreeting = quoteOf(order) === GREETING;
      if (isGreeting) attempts += 1;
      speak(session, order, isGreeting && attempts < 3 ? 'Sure! Hello there.' : quoteOf(order));
    };
    const one = bridge();
    await one.prepare.follow();
    one.assistants.know(ENGLISH);
    await allMade(8);
    expect(attempts).toBe(3);
    expect(wordsOf(one, 'greeting')).toBe(GREETING);
  });

  it('that is wrong three times is left to the model in the call', async () => {
    model.onOrder = (session, order) =>
      speak(session, order, quoteOf(order) === GREETING ? 'Hello there.' : quoteOf(order));
    const one = bridge();
    await one.prepare.follow();
    one.assistants.know(ENGLISH);
    await allMade(7);
    expect(wordsOf(one, 'greeting')).toBeUndefined();
    one.assistants.know({ ...ENGLISH, facts: ['Open on Sundays.'] });
    one.assistants.know({ ...ENGLISH, tenantId: 'tn_two', businessName: 'Nordic' });
    await allMade(9);
    expect(ordered().filter((words) => words === GREETING)).toHaveLength(3);
  });

  it('is not minded for case, punctuation and white space', async () => {
    model.onOrder = (session, order) =>
      speak(session, order, ` ${quoteOf(order).toUpperCase().replaceAll(',', '')} `);
    const one = bridge();
    await one.prepare.follow();
    one.assistants.know(ENGLISH);
    await allMade(8);
  });

  it('that the model fails is made later, and later still when it goes on failing', async () => {
    let fails = true;
    model.onOrder = (session, order) => {
      if (!fails) return speak(session, order, quoteOf(order));
      session.begin('r', String(order['event_id']));
      session.fail('r', { type: 'tokens', code: 'rate_limit_exceeded' });
    };
    const one = bridge();
    await one.prepare.follow();
    one.assistants.know(ENGLISH);
    await eventually(() => expect(model.sessions.filter(({ isClosed }) => isClosed)).toHaveLength(2));
    const before = ordered().length;
    clock.advance(4_999);
    expect(model.sessions).toHaveLength(2);
    clock.advance(1);
    await eventually(() => expect(ordered().length).toBeGreaterThan(before));
    await eventually(() => expect(model.sessions.every(({ isClosed }) => isClosed)).toBe(true));
    fails = false;
    clock.advance(20_000);
    await allMade(8);
  });

  it('that never comes is given up', async () => {
    model.onOrder = () => undefined;
    const one = bridge();
    await one.prepare.follow();
    one.assistants.know(ENGLISH);
    await eventually(() => expect(ordered()).toHaveLength(2));
    clock.advance(20_000);
    await eventually(() => expect(model.sessions.slice(0, 2).every(({ isClosed }) => isClosed)).toBe(true));
  });
});

describe('bridges that share the bucket', () => {
  it('make each phrase once between them', async () => {
    const [one, two] = [bridge('b1'), bridge('b2')];
    await Promise.all([one.prepare.follow(), two.prepare.follow()]);
    one.assistants.know(ENGLISH);
    two.assistants.know(ENGLISH);
    await allMade(8);
    clock.advance(LOOK_AGAIN_MS);
    await eventually(() => {
      for (const each of [one, two])
        for (const phrase of PHRASE_NAMES) expect(wordsOf(each, phrase)).toBeDefined();
    });
    expect(new Set(ordered()).size).toBe(8);
    expect(ordered()).toHaveLength(8);
  });

  it('take over what another has claimed and not made', async () => {
    const one = bridge('b1');
    store.claims.set(KEYS.of(ENGLISH, GREETING), 'b_dead');
    await one.prepare.follow();
    one.assistants.know(ENGLISH);
    await allMade(7);
    store.claims.clear();
    clock.advance(LOOK_AGAIN_MS);
    await allMade(8);
  });

  it('find at their start what is there, and ask no model', async () => {
    const one = bridge('b1');
    await one.prepare.follow();
    one.assistants.know(PROFILE);
    await allMade(16);
    const sessions = model.sessions.length;
    const two = bridge('b2');
    two.assistants.know(PROFILE);
    await two.prepare.follow();
    expect(wordsOf(two, 'greeting')).toBe(GREETING);
    expect(wordsOf(two, 'apology', 'fr-CA')).toBe('Désolée, veuillez rappeler dans un instant. Au revoir.');
    expect(model.sessions).toHaveLength(sessions);
  });

  it('keep from fading what they use', async () => {
    const one = bridge('b1');
    await one.prepare.follow();
    one.assistants.know(ENGLISH);
    await allMade(8);
    clock.advance(31 * 24 * 60 * 60_000);
    const two = bridge('b2');
    two.assistants.know(ENGLISH);
    await two.prepare.follow();
    await eventually(() => expect(store.puts).toHaveLength(16));
  });

  it('make nothing while the bus is away, and all when it is back', async () => {
    store.isAway = true;
    const one = bridge('b1');
    one.assistants.know(ENGLISH);
    await one.prepare.follow();
    store.isAway = false;
    await eventually(() => {
      clock.advance(LOOK_AGAIN_MS);
      expect(store.sounds.size).toBe(8);
    });
  });
});

describe('the memory', () => {
  const soundOf = (memory: PhraseMemory, profile: AssistantProfile) =>
    memory.of(profile, 'en-CA', 'greeting')?.durationMs;

  it('forgets what was not used for the longest, and tells who misses it', () => {
    const profiles = ['a', 'b', 'c'].map((businessName) => ({ ...ENGLISH, businessName }));
    const greetings = profiles.map((profile) =>
      KEYS.of(profile, GREETING.replace('Rideau Plumbing', profile.businessName)),
    );
    const memory = new PhraseMemory(KEYS, 900);
    const missed: string[] = [];
    memory.onMissed(({ businessName }) => missed.push(businessName));
    const [a, b, c] = profiles;
    const [keyA, keyB, keyC] = greetings;
    if (!a || !b || !c || !keyA || !keyB || !keyC) throw new Error('incomplete');
    memory.keep(keyA, new Uint8Array(320));
    memory.keep(keyB, new Uint8Array(320));
    expect(soundOf(memory, a)).toBe(40);
    memory.keep(keyC, new Uint8Array(320));
    expect([a, b, c].map((profile) => soundOf(memory, profile))).toEqual([40, undefined, 40]);
    expect(missed).toEqual(['b']);
  });
});

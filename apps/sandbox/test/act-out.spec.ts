import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  createSpeech,
  FakePhone,
  FakeTwilio,
  PhraseBook,
  ScriptedProduct,
  type PhoneCall,
  type Recogniser,
} from '@tradeline/testing';
import { parseScenario } from '../src/scenarios/read-scenarios.js';
import { actOut } from '../src/caller/act-out.js';
import { narrate, type NarrationLine } from '../src/caller/narration.js';
import { ScriptedAssistant, type Reply } from './scripted-assistant.js';

// Whole conversations at the pace of speech.
jest.setTimeout(20_000);

const speech = createSpeech();
let phraseBook: PhraseBook;
let product: ScriptedProduct;
let network: FakeTwilio;

beforeEach(async () => {
  phraseBook = new PhraseBook();
  product = await ScriptedProduct.start({ answers: {} });
  network = new FakeTwilio({ authToken: 'f00dfeedf00dfeedf00dfeedf00dfeed', publicUrl: product.url });
});

afterEach(async () => {
  await network.hangUpAll();
  await product.stop();
});

interface AssistantScript {
  readonly greeting: string;
  readonly reply?: Reply;
  readonly closeAfterSilenceMs?: number;
}

function answeringWith(script: AssistantScript): ScriptedAssistant[] {
  const assistants: ScriptedAssistant[] = [];
  product.follow({
    answers: { '/twilio/voice': product.connectTwiml() },
    onStream: (stream) =>
      assistants.push(
        new ScriptedAssistant(stream, { speech, phraseBook, language: 'en', reply: () => '', ...script }),
      ),
  });
  return assistants;
}

async function play(
  steps: string,
  recogniser: Recogniser = phraseBook,
): Promise<{ lines: NarrationLine[]; call: PhoneCall }> {
  const scenario = parseScenario(
    'caller',
    `title: x\nlanguage: en-CA\nfrom: '+16135550142'\npatience_ms: 1500\nlongest_call_ms: 20000\ncaller:\n${steps}\nexpected:\n  outcome: qualified\n`,
  );
  const call = new FakePhone({ network, number: scenario.from, recogniser }).dial('+15145550100');
  const lines: NarrationLine[] = [];
  narrate(call, (line) => lines.push(line));
  const voice = async (text: string): Promise<Uint8Array> => {
    const audio = await speech.speak(text, 'en', 'caller');
    phraseBook.register(text, 'en', audio);
    return audio;
  };
  await actOut(scenario, call, voice, (line) => lines.push(line));
  return { lines, call };
}

const ANSWERS = '  - answer:\n      caller_name: Marie.\n      email: marie@example.com\n';

describe('a caller', () => {
  it('answers what is asked, in whatever order it is asked, and is heard word for word', async () => {
    const questions = ['And your name?', 'Is that right?'];
    const assistants = answeringWith({
      greeting: 'What is your email?',
      reply: (heard) => (heard === 'Bye.' ? undefined : (questions.shift() ?? '')),
    });
    const { lines } = await play(`${ANSWERS}  - say: Bye.\n  - wait: hang_up`);
    expect(assistants[0]?.heard).toEqual(['marie@example.com', 'Marie.', 'Bye.']);
    const spoken = lines
      .filter((line) => line.text && line.type !== 'status')
      .map((line) => `${line.who}: ${line.text}`);
    expect(spoken).toEqual([
      'assistant: What is your email?',
      'caller: marie@example.com',
      'assistant: And your name?',
      'caller: Marie.',
      'assistant: Is that right?',
      'caller: Bye.',
    ]);
    expect(lines.at(-1)).toMatchObject({ type: 'ended', status: 'completed', reason: 'twiml-ended' });
  });

  it('notices that he is asked again for what he has answered, and not that he is to agree', async () => {
    const questions = ['Your email?', 'Your email, is that right?'];
    answeringWith({ greeting: 'Your email?', reply: () => questions.shift() ?? '' });
    const { lines } = await play('  - answer:\n      email: Me.\n  - hang_up: true');
    expect(lines.filter(({ type }) => type === 'asked_again').map(({ text }) => text)).toEqual(['email']);
  });

  it('falls back on the order of the scenario when the assistant says what nobody can make out', async () => {
    answeringWith({ greeting: 'Mm?', reply: () => undefined });
    const { lines } = await play(ANSWERS, { recognise: () => ({ text: '[unintelligible]', exact: false }) });
    expect(lines.find((line) => line.type === 'said')?.text).toBe('Marie.');
  });

  it('speaks over the assistant, which is told as an interruption', async () => {
    const assistants = answeringWith({
      greeting: 'Good morning, this is a rather long greeting that goes on and on for quite a while.',
      reply: () => undefined,
    });
    const { lines } = await play(
      '  - interrupt:\n      after_ms: 300\n      say: Excuse me!\n  - wait: hang_up',
    );
    expect(lines.map((line) => line.type)).toEqual(
      expect.arrayContaining(['interrupted', 'said', 'heard', 'ended']),
    );
    expect(lines.find((line) => line.type === 'heard')).toMatchObject({
      who: 'assistant',
      cutOff: true,
      exact: false,
    });
    expect(assistants[0]?.heard[0]).toBe('Excuse me!');
  });

  it('who says nothing is let go by the assistant', async () => {
    answeringWith({ greeting: 'Hello?', closeAfterSilenceMs: 800 });
    const { lines } = await play('  - wait: hang_up');
    expect(lines.filter((line) => line.type === 'said')).toEqual([]);
    expect(lines.at(-1)).toMatchObject({ type: 'ended', reason: 'twiml-ended' });
  });

  it('never stays longer than the scenario lets him', async () => {
    answeringWith({ greeting: 'Hello?' });
    const scenario = parseScenario(
      'caller',
      "title: x\nlanguage: en-CA\nfrom: '+16135550142'\nlongest_call_ms: 700\ncaller:\n  - wait: hang_up\nexpected:\n  outcome: dismissed\n",
    );
    const call = new FakePhone({ network, number: scenario.from }).dial('+15145550100');
    await actOut(
      scenario,
      call,
      () => Promise.resolve(new Uint8Array(160)),
      () => undefined,
    );
    expect(await call.ended).toMatchObject({ reason: 'caller-hung-up' });
  });

  it('is gone when the product does not answer', async () => {
    product.follow({ answers: { '/twilio/voice': { status: 503 } } });
    const { lines } = await play('  - wait: assistant\n  - say: Hello?');
    expect(lines.at(-1)).toMatchObject({ type: 'ended', reason: 'application-error' });
    expect(lines.some((line) => line.text?.startsWith('Twilio notes 11200'))).toBe(true);
  });
});

describe('two callers at once', () => {
  it('are each heard in their own call', async () => {
    const assistants = answeringWith({ greeting: 'Hello.', reply: () => undefined });
    await Promise.all([
      play('  - wait: assistant\n  - say: I am the first.\n  - wait: hang_up'),
      play('  - wait: assistant\n  - say: And I the second.\n  - wait: hang_up'),
    ]);
    expect(assistants.flatMap((assistant) => assistant.heard).sort()).toEqual([
      'And I the second.',
      'I am the first.',
    ]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createSpeech,
  eventually,
  FakePhone,
  FakeTwilio,
  PhraseBook,
  startFakeOpenAi,
  type PhoneCall,
  type RunningFakeOpenAi,
} from '@tradeline/testing';
import { createServer, type AddressInfo } from 'node:net';
import { callBySid } from '../src/outcome.js';
import { RunningPlatform } from '../src/running-platform.js';

const START_MS = 240_000;
const AUTH_TOKEN = '0123456789abcdef0123456789abcdef';
const LINES = [
  'Hi, my kitchen tap is leaking and I need a plumber.',
  'My name is Marie Tremblay.',
  'You can reach me at 613 555 0142.',
];

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

/** Speaks the lines one after the other, each when the assistant has finished a sentence, then hangs up. */
const converse = async (call: PhoneCall, voice: (text: string) => Promise<Uint8Array>): Promise<void> => {
  for (const line of LINES) {
    await new Promise((resolve) => call.once('assistantFinished', resolve));
    await call.say(await voice(line));
  }
  await new Promise((resolve) => call.once('assistantFinished', resolve));
  call.hangUp();
  await call.ended;
};

/** Neither the model nor the phone network is the sandbox here: both are other servers, known by their addresses only. */
describe('a call between peers that the product has never met', () => {
  let platform: RunningPlatform;
  let model: RunningFakeOpenAi;
  let network: FakeTwilio;
  const phraseBook = new PhraseBook();
  const speech = createSpeech();
  const voice = async (text: string): Promise<Uint8Array> => {
    const audio = await speech.speak(text, 'en', 'caller');
    phraseBook.register(text, 'en', audio);
    return audio;
  };

  /** Others make the fixed phrases, and no caller is in them. */
  const sessionsOfCalls = () =>
    model.control.sessions().filter(({ received }) => (received['input_audio_buffer.append'] ?? 0) > 0);

  beforeAll(async () => {
    const publicUrl = `http://127.0.0.1:${await freePort()}`;
    model = await startFakeOpenAi({ speech, phraseBook, apiKey: 'sk-of-another-server' });
    network = new FakeTwilio({ authToken: AUTH_TOKEN, publicUrl });
    platform = await RunningPlatform.start({
      port: undefined,
      env: {
        OPENAI_BASE_URL: model.baseUrl,
        OPENAI_API_KEY: 'sk-of-another-server',
        TWILIO_AUTH_TOKEN: AUTH_TOKEN,
        PUBLIC_URL: publicUrl,
      },
    });
  }, START_MS);

  afterAll(async () => {
    await platform?.stop();
    await model?.close();
    platform?.removeData();
  }, 60_000);

  it('works from the webhook to the lead', async () => {
    const call = new FakePhone({ network, number: '+16135550142', recogniser: phraseBook }).dial(
      platform.line.tenant.number,
    );
    await converse(call, voice);
    const detail = await eventually(
      async () => {
        const found = await callBySid(platform, call.callSid);
        expect(found.lead?.state).toBe('qualified');
        return found;
      },
      { timeoutMs: 30_000 },
    );
    expect(detail.lead?.fields).toMatchObject({
      caller_name: 'Marie Tremblay',
      callback_number: '+16135550142',
    });
    expect(sessionsOfCalls()).toHaveLength(1);
  }, 120_000);

  it('gives nothing to a caller who does not know the auth token', async () => {
    const stranger = new FakeTwilio({ authToken: 'f'.repeat(32), publicUrl: platform.line.publicUrl });
    const call = new FakePhone({ network: stranger, number: '+16135550142' }).dial(
      platform.line.tenant.number,
    );
    const { reason } = await call.ended;
    expect(reason).toBe('application-error');
    expect(sessionsOfCalls()).toHaveLength(1);
  }, 30_000);
});

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  eventually,
  createSpeech,
  FakePhone,
  FakeTwilio,
  PhraseBook,
  ScriptedProduct,
  type PhoneCall,
  type ReceivedStream,
} from '@tradeline/testing';
import { ScriptedAssistant } from './scripted-assistant.js';

// Whole sentences at the pace of speech.
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

const inboundAudio = (data: unknown): Uint8Array | undefined => {
  const message = JSON.parse(String(data)) as { event: string; media?: { payload: string } };
  return message.event === 'media' && message.media
    ? Buffer.from(message.media.payload, 'base64')
    : undefined;
};

/** A deaf assistant per call, and a wire that says which frames reach which assistant's ear. */
function wired(
  carry: (frame: Uint8Array, from: number, assistants: readonly ScriptedAssistant[]) => void,
): ScriptedAssistant[] {
  const assistants: ScriptedAssistant[] = [];
  const onStream = (stream: ReceivedStream): void => {
    const index =
      assistants.push(
        new ScriptedAssistant(stream, {
          speech,
          phraseBook,
          language: 'en',
          greeting: 'Hello.',
          reply: () => '',
          deaf: true,
        }),
      ) - 1;
    stream.socket.on('message', (data) => {
      const frame = inboundAudio(data);
      if (frame) carry(frame, index, assistants);
    });
  };
  product.follow({ answers: { '/twilio/voice': product.connectTwiml() }, onStream });
  return assistants;
}

async function answered(): Promise<PhoneCall> {
  const call = new FakePhone({ network, number: '+16135550142', recogniser: phraseBook }).dial(
    '+16135550100',
  );
  await new Promise<void>((resolve) => call.once('assistantFinished', () => resolve()));
  return call;
}

async function say(call: PhoneCall, text: string): Promise<void> {
  const audio = await speech.speak(text, 'en', 'caller');
  phraseBook.register(text, 'en', audio);
  await call.say(audio);
}

const heardBy = (assistant: ScriptedAssistant | undefined): Promise<string> =>
  eventually(() => {
    const [heard] = assistant?.heard ?? [];
    if (heard === undefined) throw new Error('the assistant heard nothing');
    return heard;
  });

describe('what is heard follows from the audio alone', () => {
  it('audio that reaches the wrong call is heard in the wrong call', async () => {
    const assistants = wired((frame, from, all) => all[1 - from]?.listen(frame));
    const first = await answered();
    const second = await answered();
    await Promise.all([say(first, 'I am the first caller.'), say(second, 'And I am the second.')]);
    expect(await heardBy(assistants[0])).toBe('And I am the second.');
    expect(await heardBy(assistants[1])).toBe('I am the first caller.');
  });

  it('a sentence of which frames are lost is misheard', async () => {
    let frames = 0;
    const assistants = wired((frame, from, all) => {
      frames += frame.some((byte) => byte !== 0xff) ? 1 : 0;
      if (frames < 20 || frames > 45) all[from]?.listen(frame);
    });
    const call = await answered();
    await say(call, 'My telephone number is 613 555 0142.');
    const heard = await heardBy(assistants[0]);
    expect(heard).not.toBe('My telephone number is 613 555 0142.');
    expect(heard).not.toBe('');
  });

  it('what the caller hears is recognised by its sound, undamaged', async () => {
    wired((frame, from, all) => all[from]?.listen(frame));
    const call = await answered();
    expect(call.heard[0]).toMatchObject({ text: 'Hello.', exact: true, cutOff: false });
  });
});

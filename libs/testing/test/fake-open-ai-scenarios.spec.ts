import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createSpeech,
  muLawSilence,
  PhraseBook,
  startFakeOpenAi,
  type RunningFakeOpenAi,
} from '../src/index.js';
import { ScriptedReceptionist } from './scripted-receptionist.js';

/** What a caller of each kind says, turn by turn, and a part of each answer. */
const BOOKED_PLUMBER: [string, string][] = [
  ['Hi, my kitchen tap is leaking and I need a plumber.', 'your name'],
  ['My name is Marie Tremblay.', 'best number'],
  ['You can reach me at six one three, five five five, zero one four two.', 'e-mail'],
  ['My email is marie dot tremblay at example dot com.', 'When would'],
  ['Tomorrow morning at nine would be best.', 'anything else'],
  ['Yes, that is right. Thank you, goodbye.', 'goodbye'],
];
const FURNACE: [string, string][] = [
  ["Bonjour, ma fournaise est en panne et il fait très froid, c'est urgent.", 'votre nom'],
  ["Je m'appelle Luc Gagnon.", 'numéro'],
  ['Mon numéro est le 819 555 0117.', 'courriel'],
  ['Mon courriel est luc.gagnon@example.com.', 'moment'],
  ["Aujourd'hui, le plus tôt possible.", 'autre chose'],
  ["Oui, c'est exact. Merci, au revoir.", 'au revoir'],
];
const PRICE: [string, string][] = [
  ['Perdón, ¿cuánto cuesta una visita? Necesito reparar el calentador de agua.', '$95'],
  ['Me llamo Elena Morales.', 'número'],
  ['Mi número es el 613 555 0173.', 'correo'],
  ['Mi correo es elena.morales@example.com.', 'Cuándo'],
  ['El viernes por la tarde.', 'algo más'],
  ['Sí, es correcto. Gracias, adiós.', 'hasta luego'],
];
const NUMBER_CHANGE: [string, string][] = [
  ['Magandang araw po, barado ang lababo namin sa kusina.', 'pangalan'],
  ['Ang pangalan ko po ay Jose Santos.', 'numero'],
  ['Ang numero ko po ay 613 555 0166.', 'e-mail'],
  ['Ang email ko po ay jose.santos@example.com.', 'Kailan'],
  ['Bukas po ng hapon.', 'iba pa'],
  ['Pasensya na po, mali ang numero. Ang numero ko po ay 613 555 0188.', '613 555 0188'],
  ['Opo, tama po. Salamat po, paalam.', 'paalam'],
];

describe('callers of six kinds, heard by their sound', () => {
  const speech = createSpeech();
  const phraseBook = new PhraseBook();
  let fake: RunningFakeOpenAi;
  let receptionist: ScriptedReceptionist;

  beforeAll(async () => {
    const delays = { connectMs: 0, firstAudioMs: 0, transcriptionMs: 5 };
    fake = await startFakeOpenAi({ speech, phraseBook, delays, audioSpeed: 500 });
  });

  afterAll(() => fake.close());

  beforeEach(async () => {
    receptionist = await ScriptedReceptionist.pickUp(fake);
  });

  afterEach(() => {
    expect(receptionist.client.of('error')).toEqual([]);
    receptionist.client.close();
  });

  const spoken = async (text: string, language: string): Promise<Uint8Array> => {
    const audio = await speech.speak(text, language, 'caller');
    phraseBook.register(text, language, audio);
    return audio;
  };

  const play = async (turns: [string, string][], language: string): Promise<void> => {
    for (const [line, answer] of turns) {
      await receptionist.finishes();
      expect(await receptionist.hears(await spoken(line, language))).toContain(answer);
    }
    await receptionist.finishes();
  };

  it.each<[string, string, [string, string][], Record<string, string>, string[]]>([
    [
      'a plumber is booked',
      'en',
      BOOKED_PLUMBER,
      { caller_name: 'Marie Tremblay', callback_number: '6135550142', email: 'marie.tremblay@example.com' },
      [],
    ],
    [
      'a furnace fails',
      'fr',
      FURNACE,
      { caller_name: 'Luc Gagnon', callback_number: '8195550117', email: 'luc.gagnon@example.com' },
      ['fr-CA'],
    ],
    [
      'a price is asked for',
      'es',
      PRICE,
      { caller_name: 'Elena Morales', callback_number: '6135550173', email: 'elena.morales@example.com' },
      ['es'],
    ],
    [
      'a number is changed',
      'tl',
      NUMBER_CHANGE,
      { caller_name: 'Jose Santos', callback_number: '6135550188', email: 'jose.santos@example.com' },
      ['tl'],
    ],
  ])('%s, in %s', async (_, language, turns, fields, languages) => {
    await play(turns, language);
    expect(Object.fromEntries(receptionist.known)).toMatchObject(fields);
    expect([...receptionist.known.keys()]).toEqual(
      expect.arrayContaining(['job_summary', 'preferred_datetime']),
    );
    expect(receptionist.languages).toEqual(languages);
    expect(receptionist.endReason).toBe('the caller said goodbye');
  });

  it('the caller speaks over the greeting, which is cut to what was heard', async () => {
    const { client } = receptionist;
    await receptionist.finishes();
    fake.control.setAudioSpeed(2);
    client.send({
      type: 'response.create',
      response: { instructions: `Say: "${'We have a great deal to tell you. '.repeat(6)}"` },
    });
    await client.until(
      () =>
        client.of('response.output_audio.delta').at(-1)?.response_id !==
          client.of('response.created')[0]?.response.id || undefined,
      'its voice',
    );
    client.speak(await spoken('Perdón, ¿cuánto cuesta una visita?', 'es'));
    await client.first('input_audio_buffer.speech_started');
    client.send({ type: 'response.cancel' });
    const cut = (await client.nth('response.done', 2)).response.output?.[0];
    client.send({
      type: 'conversation.item.truncate',
      item_id: (cut as { id: string }).id,
      content_index: 0,
      audio_end_ms: 60,
    });
    await client.first('conversation.item.truncated');
    fake.control.setAudioSpeed(500);
    expect(await client.until(() => client.said().find((text) => text.includes('$95')), 'the price')).toMatch(
      /^El precio/u,
    );
  });

  it('nobody speaks, and nothing is captured', async () => {
    receptionist.client.speak(muLawSilence(8_000));
    receptionist.client.send({
      type: 'response.create',
      response: { instructions: 'The caller has been silent: ask whether they are still there.' },
    });
    await receptionist.client.nth('response.done', 2);
    expect(receptionist.client.said().at(-1)).toBe('Are you still there?');
    expect(receptionist.client.of('input_audio_buffer.speech_started')).toEqual([]);
    expect(receptionist.known.size).toBe(0);
  });

  it('a recorded pitch is ended and nothing of it captured', async () => {
    await receptionist.finishes();
    const pitch =
      'Congratulations! Your business has been selected for a special offer on extended warranties.';
    expect(await receptionist.hears(await spoken(pitch, 'en'))).toContain('sales calls');
    await receptionist.finishes();
    expect(receptionist.endReason).toBe('robocall');
    expect(receptionist.known.size).toBe(0);
  });
});

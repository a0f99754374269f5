import { describe, expect, it } from '@jest/globals';
import { FRAME_BYTES, rmsOfMuLaw } from './mulaw.js';
import { createSpeech, SPEECH_LANGUAGES, speechLanguage } from './speech.js';

describe('createSpeech without a program', () => {
  const speech = createSpeech();

  it('speaks whole frames at the pace of fluent speech', async () => {
    const text = 'Good morning, my furnace stopped last night and the house is cold.';
    const audio = await speech.speak(text, 'en-CA', 'caller');
    expect(speech.engine).toBe('tones');
    expect(audio.length % FRAME_BYTES).toBe(0);
    const msPerCharacter = audio.length / 8 / text.length;
    expect(msPerCharacter).toBeGreaterThan(58);
    expect(msPerCharacter).toBeLessThan(72);
  });

  it('speaks the same text the same way, and every other differently', async () => {
    const said = await Promise.all([
      createSpeech().speak('Hello.', 'en', 'caller'),
      createSpeech().speak('Hello.', 'en', 'caller'),
      speech.speak('Hello.', 'en', 'assistant'),
      speech.speak('Hello.', 'fr', 'caller'),
    ]);
    const sounds = said.map((audio) => Buffer.from(audio).toString('base64'));
    expect(sounds[0]).toBe(sounds[1]);
    expect(new Set(sounds).size).toBe(3);
  });

  it('is loud enough in every language for a voice activity detector', async () => {
    for (const language of SPEECH_LANGUAGES) {
      const audio = await speech.speak('Ang tubo sa kusina', language, 'caller');
      expect(rmsOfMuLaw(audio)).toBeGreaterThan(2_000);
    }
  });

  it('reads language tags, Filipino as Tagalog', () => {
    expect(['fr-CA', 'es_MX', 'fil-PH', 'de'].map(speechLanguage)).toEqual(['fr', 'es', 'tl', undefined]);
  });

  it('says when the program cannot be run, and tries again the next time', async () => {
    const broken = createSpeech({ espeakPath: '/nonexistent/espeak-ng' });
    await expect(broken.speak('Hello.', 'en', 'caller')).rejects.toThrow('ENOENT');
    await expect(broken.speak('Hello.', 'en', 'caller')).rejects.toThrow('ENOENT');
  });
});

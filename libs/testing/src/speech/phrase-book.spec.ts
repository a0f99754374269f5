import { beforeAll, describe, expect, it } from '@jest/globals';
import { FRAME_BYTES, joinAudio, MU_LAW_SILENCE, muLawSilence } from './mulaw.js';
import { PhraseBook } from './phrase-book.js';
import { createSpeech } from './speech.js';

const PIPE = 'The kitchen pipe is leaking under the sink.';
const NUMBER = 'My number is five one four, five five five, zero one nine nine.';

describe('PhraseBook', () => {
  const speech = createSpeech();
  const book = new PhraseBook();
  let pipe: Uint8Array;
  let number: Uint8Array;

  beforeAll(async () => {
    pipe = await speech.speak(PIPE, 'en', 'caller');
    number = await speech.speak(NUMBER, 'en', 'caller');
    book.register(PIPE, 'en', pipe);
    book.register(NUMBER, 'en', number);
  });

  const without = (audio: Uint8Array, lost: (frame: number) => boolean): Uint8Array =>
    joinAudio(...framesOf(audio).filter((_, index) => !lost(index)));

  it('understands a complete sentence exactly', () => {
    expect(book.recognise(pipe)).toEqual({ text: PIPE, exact: true, matchedRatio: 1, language: 'en' });
  });

  it('understands a sentence that starts in the middle of a frame', () => {
    const shifted = joinAudio(
      muLawSilence(300),
      new Uint8Array(77).fill(MU_LAW_SILENCE),
      pipe,
      muLawSilence(450),
    );
    expect(book.recognise(shifted)).toMatchObject({ text: PIPE, exact: true });
  });

  it('understands two sentences of one turn in their order, and one said twice', () => {
    expect(book.recognise(joinAudio(number, muLawSilence(200), pipe))).toMatchObject({
      text: `${NUMBER} ${PIPE}`,
      exact: true,
    });
    expect(book.recognise(joinAudio(pipe, muLawSilence(200), pipe))).toMatchObject({
      text: `${PIPE} ${PIPE}`,
      exact: true,
    });
  });

  it('mishears the words whose frames were lost, and only those', () => {
    const heard = book.recognise(without(pipe, (frame) => frame >= 10 && frame < 40));
    expect(heard.exact).toBe(false);
    expect(heard.text).toMatch(/under the sink\.$/u);
    expect(heard.text).not.toContain('kitchen');
  });

  it('hears worse the more is lost', () => {
    const few = book.recognise(without(number, (frame) => frame % 10 === 0));
    const many = book.recognise(without(number, (frame) => frame % 3 === 0));
    expect(few.exact).toBe(false);
    expect(many.matchedRatio).toBeLessThan(few.matchedRatio);
    expect(many.text).not.toBe(NUMBER);
    expect(few.text).not.toBe(NUMBER);
  });

  it('mishears what was damaged on the way', () => {
    const damaged = pipe.slice();
    for (let at = 12_000; at < 16_000; at += 40) damaged[at] = (damaged[at] ?? 0) ^ 0x15;
    const heard = book.recognise(damaged);
    expect(heard.exact).toBe(false);
    expect(heard.text).not.toBe(PIPE);
    expect(heard.text).toMatch(/^The kitchen/u);
  });

  it('hears the beginning of a sentence that was cut off', () => {
    const heard = book.recognise(pipe.subarray(0, pipe.length / 2));
    expect(PIPE.startsWith(heard.text.replace(/\s?\S*…$/u, ''))).toBe(true);
    expect(heard.text).toMatch(/^The kitchen/u);
    expect(heard.exact).toBe(false);
  });

  it('does not take two frames in the wrong order for the sentence', () => {
    const frames = framesOf(pipe);
    const swapped = joinAudio(
      ...frames.slice(0, 20),
      ...frames.slice(30, 40),
      ...frames.slice(20, 30),
      ...frames.slice(40),
    );
    expect(book.recognise(swapped).exact).toBe(false);
  });

  it('understands a sentence in which two frames sound alike', () => {
    const twins = joinAudio(
      pipe.subarray(0, 20 * FRAME_BYTES),
      pipe.subarray(10 * FRAME_BYTES, 40 * FRAME_BYTES),
    );
    const own = new PhraseBook();
    own.register('Twins.', 'en', twins);
    expect(own.recognise(joinAudio(muLawSilence(100), twins))).toMatchObject({ text: 'Twins.', exact: true });
  });

  it('hears nothing in silence, and no words in unknown sound', async () => {
    expect(book.recognise(muLawSilence(2_000))).toMatchObject({ text: '', exact: false });
    const unknown = await speech.speak('A text that nobody registered.', 'en', 'caller');
    expect(book.recognise(unknown)).toEqual({
      text: '[unintelligible]',
      exact: false,
      matchedRatio: 0,
      language: undefined,
    });
  });

  it('does not understand one speaker as the other', async () => {
    expect(book.recognise(await speech.speak(PIPE, 'en', 'assistant')).text).toBe('[unintelligible]');
  });

  it('forgets the oldest beyond its capacity', () => {
    const small = new PhraseBook(1);
    small.register(PIPE, 'en', pipe);
    small.register(NUMBER, 'en', number);
    expect(small.recognise(pipe).text).toBe('[unintelligible]');
    expect(small.recognise(number).text).toBe(NUMBER);
  });
});

function framesOf(audio: Uint8Array): Uint8Array[] {
  return Array.from({ length: audio.length / FRAME_BYTES }, (_, index) =>
    audio.subarray(index * FRAME_BYTES, (index + 1) * FRAME_BYTES),
  );
}

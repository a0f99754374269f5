import { describe, expect, it } from '@jest/globals';
import { ClauseCutter } from './clause-cutter.js';
import { parseSpeechMessage, speechAddress } from './speech-protocol.js';

describe('the address of the speech socket', () => {
  const address = (base: string, languages: readonly string[], modelId = 'eleven_flash_v2_5') =>
    new URL(speechAddress(base, { voiceId: 'anna/../b', modelId, languages }));

  it.each([
    [
      'https://api.elevenlabs.io',
      'wss://api.elevenlabs.io/v1/text-to-speech/anna%2F..%2Fb/multi-stream-input',
    ],
    [
      'http://127.0.0.1:9/elevenlabs/',
      'ws://127.0.0.1:9/elevenlabs/v1/text-to-speech/anna%2F..%2Fb/multi-stream-input',
    ],
  ])('of %s is %s', (base, expected) => {
    const { origin, pathname, protocol, host } = address(base, ['en-CA', 'fr-CA']);
    expect(`${protocol}//${host}${pathname}`).toBe(expected);
    expect(origin).not.toBe('');
  });

  it.each([
    [['en-CA', 'fr-CA'], 'eleven_flash_v2_5', null],
    [['fr-CA', 'fr-FR'], 'eleven_flash_v2_5', 'fr'],
    [['tl'], 'eleven_flash_v2_5', 'fil'],
    [['fr-CA'], 'eleven_multilingual_v2', null],
  ])('insists for %j with %s on the language %s', (languages, modelId, code) => {
    expect(address('https://api.elevenlabs.io', languages, modelId).searchParams.get('language_code')).toBe(
      code,
    );
  });
});

describe('a message of the speech service', () => {
  it.each([
    ['{"isFinal":true,"contextId":"a"}', { kind: 'final', contextId: 'a' }],
    ['{"is_final":true,"context_id":"a"}', { kind: 'final', contextId: 'a' }],
    [
      '{"audio":"AAAA","contextId":"a"}',
      { kind: 'audio', contextId: 'a', audio: 'AAAA', alignment: undefined },
    ],
    ['{"audio":"AA A","contextId":"a"}', { kind: 'nothing' }],
    ['{"audio":null,"contextId":"a"}', { kind: 'nothing' }],
    ['{"audio":"AAAA"}', { kind: 'nothing' }],
    ['{"message":"no","error":"quota_exceeded","code":1008}', { kind: 'error', code: 'quota_exceeded' }],
    ['[]', { kind: 'nothing' }],
    ['7', undefined],
    ['', undefined],
  ])('%s', (text, meaning) => {
    expect(parseSpeechMessage(text)).toEqual(meaning);
  });

  it('has alignment only when it is whole', () => {
    const alignment = { chars: ['H', 'i'], charStartTimesMs: [0, 40], charDurationsMs: [40, 60] };
    const read = (given: object) =>
      parseSpeechMessage(JSON.stringify({ audio: 'AAAA', contextId: 'a', alignment: given }));
    expect(read(alignment)).toMatchObject({
      alignment: { chars: ['H', 'i'], startsMs: [0, 40], durationsMs: [40, 60] },
    });
    expect(read({ ...alignment, charDurationsMs: ['40', 60] })).toMatchObject({ alignment: undefined });
    expect(read({ ...alignment, chars: ['H', { toString: 1 }] })).toMatchObject({ alignment: undefined });
  });
});

describe('text that is cut into clauses', () => {
  const clauses = (text: string, pieceLength: number): string[] => {
    const cutter = new ClauseCutter();
    const cut: string[] = [];
    for (let at = 0; at < text.length; at += pieceLength)
      cut.push(...cutter.add(text.slice(at, at + pieceLength)));
    return [...cut, ...cutter.rest()];
  };

  it.each([
    ['Thank you. May I have your name, please?', ['Thank you. May I have your name, please? ']],
    [
      'Thank you, Marie Tremblay. May I have your number?',
      ['Thank you, Marie Tremblay. ', 'May I have your number? '],
    ],
    [
      'I have noted a.b@example.com, is that right for you?',
      ['I have noted a.b@example.com, is that right for you? '],
    ],
    [
      'The plumber comes tomorrow between eight and ten, and he calls you before.',
      ['The plumber comes tomorrow between eight and ten, ', 'and he calls you before. '],
    ],
    ['It is 95.50 dollars.', ['It is 95.50 dollars. ']],
    ['   ', []],
  ])('%s', (text, expected) => {
    expect(clauses(text, 3)).toEqual(expected);
  });

  it('loses and adds no word, however it comes', () => {
    const text = `One, two; three. ${'word '.repeat(80)}the end… "Is it?" Yes!`;
    for (const pieceLength of [1, 2, 7, 50, 1_000]) {
      const cut = clauses(text, pieceLength);
      expect(cut.join('').trim()).toBe(text);
      expect(Math.max(...cut.map((clause) => clause.length))).toBeLessThan(
        pieceLength === 1_000 ? 1_000 : 300,
      );
    }
  });
});

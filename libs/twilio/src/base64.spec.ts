import { describe, expect, it } from '@jest/globals';
import { isBase64 } from './base64.js';

const BY_THE_BOOK = /^[A-Za-z0-9+/]+={0,2}$/;
const byTheBook = (text: string): boolean => text.length % 4 === 0 && BY_THE_BOOK.test(text);

const LENGTHS = [0, 1, 2, 3, 4, 5, 8, 12, 216, 8_188, 8_192, 8_196, 8_200, 16_384, 16_388, 20_000];

describe('base64', () => {
  it('is known as whole, at every length and with every padding', () => {
    for (const length of LENGTHS)
      for (const end of ['', '=', '==', '===', '====', '=A', '=A==', 'A=']) {
        const text = 'a+/Z'.repeat(length).slice(0, Math.max(0, length - end.length)) + end;
        expect([text.length, end, isBase64(text)]).toEqual([text.length, end, byTheBook(text)]);
      }
  });

  it('is not what has a single character of another alphabet, wherever it stands', () => {
    // The latter ones are two bytes of which one, or whose rest by 256, is a letter.
    const strangers = [
      '"',
      '\\',
      '=',
      ' ',
      '\n',
      '\0',
      '-',
      '_',
      '@',
      '[',
      '`',
      '{',
      ':',
      'é',
      'ÿ',
      'Ł',
      '䅁',
      '\ud800',
    ];
    for (const stranger of strangers)
      for (const length of [4, 8, 216, 8_192, 8_196, 16_388])
        for (const at of [
          0,
          1,
          2,
          3,
          4,
          101,
          8_187,
          8_188,
          8_190,
          8_191,
          8_192,
          8_195,
          length - 3,
          length - 2,
          length - 1,
        ]) {
          if (at >= length) continue;
          const text = `${'A'.repeat(at)}${stranger}${'A'.repeat(length - at - 1)}`;
          expect([stranger, length, at, isBase64(text)]).toEqual([stranger, length, at, byTheBook(text)]);
        }
  });

  it('is every single character of its alphabet and no other', () => {
    for (let code = 0; code < 0x1_00_00; code += 1) {
      const char = String.fromCharCode(code);
      if (
        isBase64(`AA${char}=`) !== byTheBook(`AA${char}=`) ||
        isBase64(`${char}AAA`) !== byTheBook(`${char}AAA`)
      )
        expect(code).toBe('judged right');
    }
  });
});

import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { cutAudioDelta } from './audio-delta.js';
import { parseAnyServerEvent, parseServerEvent, readServerEvent } from './server-events.js';

/** Small numbers that come out the same in every run. */
const numbers = (seed: number) => (below: number) => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
};

const next = numbers(50);
const oneOf = <T>(values: readonly [T, ...T[]]): T => values[next(values.length)] ?? values[0];
const often = <T>(usual: T, ...rare: readonly [T, ...T[]]): T => (next(10) > 0 ? usual : oneOf(rare));

const HOSTILE = [
  '""',
  'null',
  '7',
  '-1',
  '01',
  '0',
  '1.0',
  '1e2',
  '12345',
  '99999999999999999999',
  '{}',
  '[]',
  '"a\\"b"',
  '"AA\\u0041A"',
  '"AAAA\\/"',
  '"AA\nA"',
  '"AAAA\n"',
  '"AAAA\\n"',
  '"AAĀA"',
  '"A==="',
  '"AA-_"',
  '"AAAAA"',
  '"AAAA","type":"error"',
  '"AAAA"},"streamSid":"MZ1',
  '"AAAA',
  '',
] as const;

const shuffled = <T>(values: readonly T[]): T[] =>
  values
    .map((value) => ({ value, place: next(1e6) }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);

const pair = (key: string, usual: string): string =>
  `"${often(key, key, key.toUpperCase(), key.replace('e', '\\u0065'))}":${often(usual, usual, oneOf(HOSTILE))}`;

const message = (): string => {
  const audio = Buffer.from(Array.from({ length: next(300) + 1 }, () => next(256))).toString('base64');
  const pairs = [
    pair('type', often('"response.output_audio.delta"', '"response.output_text.delta"', '"error"')),
    pair('event_id', `"event_${next(1e9)}"`),
    pair('response_id', `"resp_${next(1e9)}"`),
    pair('item_id', `"item-${next(1e9)}"`),
    pair('output_index', String(next(4))),
    pair('content_index', String(oneOf([0, 1, 10, 200]))),
    pair('delta', `"${audio}"`),
  ];
  const last = pairs.length - 1;
  const members = often(
    oneOf([pairs, shuffled(pairs)]),
    pairs.filter((_, i) => i !== next(last)),
    [...pairs, oneOf(pairs as [string, ...string[]])],
    [...pairs, '"obfuscation":"x"'],
    ['"__proto__":{"delta":"AAAA"}', ...pairs],
  ).join(often(',', ', ', ',,'));
  return often(
    `{${members}}`,
    `{ ${members} }`,
    `{${members}} `,
    `{${members}`,
    `[{${members}}]`,
    `{${members},}`,
  );
};

/** The same text with one place changed: cut short, doubled, dropped or overwritten. */
const damaged = (text: string): string => {
  const at = next(text.length);
  const other = oneOf(['"', '\\', '{', '}', ',', ':', '0', ' ', '\n', '=', 'A', 'é']);
  return oneOf([
    text.slice(0, at),
    text.slice(0, at) + text.slice(at + 1),
    text.slice(0, at) + other + text.slice(at + 1),
    text.slice(0, at) + text.slice(at - 1),
    text + text.slice(at),
  ]);
};

describe('speech of the model, read by position', () => {
  it('means what the general parser says it means, whatever is sent', () => {
    const misread: string[] = [];
    let byPosition = 0;
    for (let i = 0; i < 20_000; i += 1) {
      const text = i % 3 === 0 ? damaged(message()) : message();
      const expected = parseAnyServerEvent(text);
      if (!isDeepStrictEqual(parseServerEvent(Buffer.from(text)), expected)) misread.push(text);
      const cut = cutAudioDelta(text);
      if (!cut) continue;
      byPosition += 1;
      if (!isDeepStrictEqual(cut, expected)) misread.push(text);
    }
    expect(misread).toEqual([]);
    // Enough of both kinds, or nothing has been compared.
    expect(byPosition).toBeGreaterThan(2_000);
    expect(byPosition).toBeLessThan(18_000);
  });

  it.each(['AAA', 'AA"A', 'AA\\A', 'AA A', '-_-_', ''])(
    'that is no base64 never leaves for the phone: %s',
    (delta) => {
      const at = { event_id: 'e', response_id: 'r', item_id: 'i', output_index: 0, content_index: 0 };
      const message = { type: 'response.output_audio.delta', ...at, delta };
      const event = parseServerEvent(Buffer.from(JSON.stringify(message)));
      expect(event && readServerEvent(event)).toEqual([]);
    },
  );
});

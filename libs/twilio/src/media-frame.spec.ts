import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { MAX_MEDIA_PAYLOAD_CHARS, MediaFrame } from './media-frame.js';
import { parseAnyStreamMessage, parseStreamMessage } from './stream-messages.js';

/** Small numbers that come out the same in every run. */
const numbers = (seed: number) => (below: number) => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
};

const next = numbers(20_261_122);
const oneOf = <T>(values: readonly [T, ...T[]]): T => values[next(values.length)] ?? values[0];
const often = <T>(usual: () => T, ...rare: readonly (() => T)[]): T =>
  (next(12) > 0 ? usual : (rare[next(rare.length)] ?? usual))();

const audio = (): string =>
  Buffer.from(Array.from({ length: next(200) + 1 }, () => next(256))).toString('base64');
const sid = (): string => `MZ${next(1e9).toString(16)}`;
const digits = (): string => String(next(oneOf([10, 1e6, 2 ** 31])));

/** What a peer might put where a text belongs, as JSON. */
const HOSTILE = [
  '""',
  'null',
  '12',
  '-1',
  '01',
  '[]',
  '{}',
  '{"payload":"AAAA"}',
  '"a\\"b"',
  '"\\u0041AAA"',
  '"AAAA\\\\"',
  '"\\"event\\":\\"mark\\""',
  '""event":"mark""',
  '"AAAA"},"event":"mark","x":{"a":"b"',
  '"AAA="',
  '"A==="',
  '"=AAA"',
  '"AA=A"',
  '"AAAAA"',
  '"AA A"',
  '"AA-_"',
  '"AA\nA"',
  '"AAAA\n"',
  '"AAA\u0000"',
  '"Ā"',
  '"\ud800AAA"',
  '"1e3"',
  '"٣"',
  '"0000000000000007"',
  '"999999999999999"',
  '"9999999999999999"',
  `"${'A'.repeat(MAX_MEDIA_PAYLOAD_CHARS)}"`,
  `"${'A'.repeat(MAX_MEDIA_PAYLOAD_CHARS + 4)}"`,
  `"${'s'.repeat(256)}"`,
  `"${'s'.repeat(257)}"`,
  `"${'A'.repeat(17_000)}"`,
  '"AAAA',
  '',
] as const;
const hostile = (): string => oneOf(HOSTILE);

const shuffled = <T>(values: readonly T[]): T[] =>
  values
    .map((value) => ({ value, place: next(1e6) }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);

/** Members as Twilio orders them, or in another order, with one too few, one twice, or one that nobody knows. */
const members = (pairs: readonly string[]): string => {
  const list = often(
    () => [...pairs],
    () => shuffled(pairs),
    () => shuffled(pairs),
    () => pairs.filter((_, i) => i !== next(pairs.length)),
    () => [...pairs, oneOf(pairs as [string, ...string[]])],
    () => [...pairs, '"region":"us1"'],
    () => [`"__proto__":${hostile()}`, ...pairs],
  );
  return list.join(
    often(
      () => ',',
      () => ', ',
      () => ',,',
    ),
  );
};
const pair = (key: string, usual: () => string): string =>
  `"${often(
    () => key,
    () => key,
    () => key.replace('e', '\\u0065'),
    () => key.toUpperCase(),
  )}":${often(
    () => `"${usual()}"`,
    () => hostile(),
    () => usual(),
  )}`;

const message = (): string => {
  const media = members([
    pair('track', () => oneOf(['inbound', 'inbound', 'outbound', 'sideways'])),
    pair('chunk', digits),
    pair('timestamp', digits),
    pair('payload', audio),
  ]);
  const rest = members([
    pair('sequenceNumber', digits),
    `"media":{${media}}`,
    pair('streamSid', next(3) > 0 ? () => 'MZ1' : sid),
  ]);
  const event = often(
    () => 'media',
    () => 'mark',
    () => 'med\\u0069a',
  );
  return often(
    () => `{"event":"${event}",${rest}}`,
    () => `{ "event": "${event}", ${rest} }`,
    () => `{${rest},"event":"${event}"}`,
    () => `{"event":"${event}",${rest}} `,
    () => `{"event":"${event}",${rest}}}`,
    () => `{"event":"${event}",${rest}`,
    () => `{"event":"${event}",${rest},}`,
    () => `{"event":"${event}"${rest}}`,
    () => `\ufeff{"event":"${event}",${rest}}`,
  );
};

/** The same text with one place changed: cut short, doubled, dropped or overwritten. */
const damaged = (text: string): string => {
  const at = next(text.length);
  return oneOf([
    text.slice(0, at),
    text.slice(0, at) + text.slice(at + 1),
    text.slice(0, at) +
      oneOf(['"', '\\', '{', '}', ',', ':', '0', ' ', '\n', '=', 'A', 'é']) +
      text.slice(at + 1),
    text.slice(0, at) + text.slice(at - 1),
    text + text.slice(at),
  ]);
};

describe('media read by position', () => {
  it('means what the general parser says it means, whatever is sent', () => {
    const frame = new MediaFrame();
    const misread: string[] = [];
    let byPosition = 0;
    for (let i = 0; i < 30_000; i += 1) {
      const raw = i % 3 === 0 ? damaged(message()) : message();
      const expected = parseAnyStreamMessage(raw);
      if (!isDeepStrictEqual(parseStreamMessage(raw), expected)) misread.push(raw);
      if (!frame.read(raw)) continue;
      byPosition += 1;
      const { sequence, streamSid, track, chunk, timestampMs, payload } = frame;
      const read = { event: 'media', sequence, streamSid, track, chunk, timestampMs, payload };
      if (!isDeepStrictEqual(read, expected)) misread.push(raw);
    }
    expect(misread).toEqual([]);
    // Enough of both kinds, or nothing has been compared.
    expect(byPosition).toBeGreaterThan(3_000);
    expect(byPosition).toBeLessThan(27_000);
  });

  it("takes Twilio's own layout, and any order of it that begins alike", () => {
    const body = '"media":{"track":"inbound","chunk":"1","timestamp":"5","payload":"//8="}';
    const frame = new MediaFrame();
    for (const rest of [
      ['"sequenceNumber":"3"', body, '"streamSid":"MZ1"'],
      ['"streamSid":"MZ1"', '"sequenceNumber":"3"', body],
      [body, '"streamSid":"MZ1"', '"sequenceNumber":"3"'],
    ]) {
      expect(frame.read(`{"event":"media",${rest.join(',')}}`)).toBe(true);
      expect(frame).toMatchObject({ sequence: 3, streamSid: 'MZ1', timestampMs: 5, payload: '//8=' });
    }
  });
});

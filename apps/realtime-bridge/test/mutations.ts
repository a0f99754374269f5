import type { SeededNumbers } from './seeded-numbers.js';

/** JSON that nobody expects in the place of a value. */
const HOSTILE = [
  'null',
  'true',
  '0',
  '-0',
  '-1',
  '1.5',
  '1e2',
  '1e308',
  '1e999',
  '99999999999999999999',
  '01',
  '""',
  '"0"',
  '"999999999999999"',
  '"9999999999999999"',
  '"٣"',
  '"\\ud800"',
  '"\\u0000"',
  '"\u2028"',
  '"😀"',
  '"AA=="',
  '"A==="',
  '"AA\\u0041A"',
  '"AAAA\\/"',
  '"__proto__"',
  '"constructor"',
  '[]',
  '[null]',
  '[[]]',
  '{}',
  '{"toString":1,"valueOf":1}',
  '{"__proto__":{"event":"mark","type":"error"}}',
  '{"length":1e9}',
  '{"then":1}',
  `"${'A'.repeat(17_000)}"`,
  `${'['.repeat(500)}${']'.repeat(500)}`,
  `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`,
  '',
  '"',
] as const;

const MEMBERS = [
  '"__proto__":{"event":"mark","type":"error","delta":"AAAA"}',
  '"constructor":{"prototype":{"event":"mark"}}',
  '"toString":1',
  '"event":"stop"',
  '"type":"error"',
  '"media":{"payload":"AAAA"}',
  '"streamSid":"MZother"',
  '"item_id":7',
  '"contextId":"other"',
  '"":""',
] as const;

const STRUCTURE = /[{}[\],:"]/;
const PLACE = '@place@';

type Json = Record<string, unknown> | unknown[];

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const nodesOf = (value: unknown): Json[] =>
  isJson(value) ? [value, ...Object.values(value).flatMap(nodesOf)] : [];

const shuffle = (value: unknown, numbers: SeededNumbers): unknown => {
  if (!isJson(value) || Array.isArray(value)) return value;
  const members = Object.entries(value).map(([key, inner]) => ({
    key,
    inner: shuffle(inner, numbers),
    at: numbers.below(1e6),
  }));
  return Object.fromEntries(members.sort((a, b) => a.at - b.at).map(({ key, inner }) => [key, inner]));
};

/** Before a character of JSON's structure, or anywhere. */
const somewhere = (text: string, numbers: SeededNumbers): number => {
  const at = numbers.below(text.length + 1);
  return numbers.once(3) ? at : at + Math.max(0, text.slice(at).search(STRUCTURE));
};

type Mutation = (text: string, numbers: SeededNumbers) => string;

const onText: readonly Mutation[] = [
  (text, numbers) => {
    const bytes = Buffer.from(text);
    const at = numbers.below(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << numbers.below(8));
    return bytes.toString();
  },
  (text, numbers) => text.slice(0, numbers.below(text.length)),
  (text, numbers) => {
    const [from, to] = [numbers.below(text.length), numbers.below(text.length)];
    return text.slice(0, Math.max(from, to)) + text.slice(Math.min(from, to));
  },
  (text, numbers) => {
    const at = somewhere(text, numbers);
    return text.slice(0, at) + numbers.oneOf([' ', '\n', '\t', '\r\n', '\u00a0', '\ufeff']) + text.slice(at);
  },
  (text, numbers) => {
    const at = numbers.below(text.length);
    const escaped = `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`;
    return text.slice(0, at) + escaped + text.slice(at + 1);
  },
  (text, numbers) => {
    const at = somewhere(text, numbers);
    return (
      text.slice(0, at) +
      numbers.oneOf(['"', '\\', '{', '}', ',', ':', '0', '=', 'é', '']) +
      text.slice(at + 1)
    );
  },
  (text, numbers) => {
    const member = numbers.oneOf(MEMBERS);
    if (numbers.once(2)) return text.replace('{', () => `{${member},`);
    const end = text.lastIndexOf('}');
    return end < 0 ? text : `${text.slice(0, end)},${member}${text.slice(end)}`;
  },
];

const onValue: readonly ((value: Json, numbers: SeededNumbers) => unknown)[] = [
  (value, numbers) => shuffle(value, numbers),
  (value, numbers) => {
    const node = numbers.oneOf(nodesOf(value)) as Record<string, unknown>;
    const keys = Object.keys(node);
    if (keys.length > 0) delete node[numbers.oneOf(keys)];
    return value;
  },
  (value, numbers) => {
    const node = numbers.oneOf(nodesOf(value)) as Record<string, unknown>;
    const keys = Object.keys(node);
    if (keys.length > 0) node[numbers.oneOf(keys)] = PLACE;
    return value;
  },
];

/** A message as a broken or a hostile peer might send it: changed in one place, sometimes in two. */
export const mutated = (text: string, numbers: SeededNumbers): string => {
  let result = text;
  for (let left = numbers.once(5) ? 2 : 1; left > 0 && result.length > 0; left -= 1) {
    if (numbers.once(2) || left === 2) {
      result = numbers.oneOf(onText)(result, numbers);
      continue;
    }
    let value: unknown;
    try {
      value = JSON.parse(result);
    } catch {
      continue;
    }
    if (!isJson(value)) continue;
    result = JSON.stringify(numbers.oneOf(onValue)(value, numbers)).replace(`"${PLACE}"`, () =>
      numbers.oneOf(HOSTILE),
    );
  }
  return result;
};

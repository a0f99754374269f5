import { Ajv } from 'ajv';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { createGenerator } from 'ts-json-schema-generator';

const directory = dirname(createRequire(import.meta.url).resolve('@elevenlabs/elevenlabs-js'));

/** What is wrong with a message by the official types; undefined when nothing is. */
export type MessageCheck = (message: unknown) => string | undefined;

const SERVER = ['AudioOutputMulti', 'FinalOutputMulti'] as const;
const CLIENT = [
  'InitializeConnectionMulti',
  'InitialiseContext',
  'SendTextMulti',
  'FlushContext',
  'CloseContext',
  'CloseSocket',
  'KeepContextAlive',
] as const;

/** One reading of the library's types for all of them: it takes a second or two. */
const generator = createGenerator({
  path: join(directory, `api/types/{${[...SERVER, ...CLIENT].join(',')}}.d.ts`),
  skipTypeCheck: true,
  expose: 'all',
});

/** A check against the JSON schema of one type of the official client library, in its own camel case. */
function officialCheck(type: string): MessageCheck {
  const ajv = new Ajv({ strict: false });
  const check = ajv.compile(generator.createSchema(type));
  return (message) => (check(message) ? undefined : ajv.errorsText(check.errors));
}

const anyOf =
  (checks: readonly MessageCheck[]): MessageCheck =>
  (message) => {
    const faults = checks.map((check) => check(message));
    return faults.includes(undefined) ? undefined : faults.join(' / ');
  };

/** What the multi-context socket may say: audio, or the end of a context. */
export const officialServerMessage = (): MessageCheck => anyOf(SERVER.map(officialCheck));

const camel = (name: string): string =>
  name.replace(/_([a-z])/gu, (_, letter: string) => letter.toUpperCase());

/** The wire is in snake case; the library's types are in camel case, and its serialisers map one to the other. */
const inCamelCase = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inCamelCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [camel(name), inCamelCase(field)]));
};

/** What a client may say to it, as it stands on the wire: one of the messages that the library names. */
export const officialClientMessage = (): MessageCheck => {
  const check = anyOf(CLIENT.map(officialCheck));
  return (message) => check(inCamelCase(message));
};

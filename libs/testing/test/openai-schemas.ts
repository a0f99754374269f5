import { Ajv, type ValidateFunction } from 'ajv';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';

const require = createRequire(import.meta.url);
const openaiDirectory = dirname(require.resolve('openai'));

export type EventDirection = 'RealtimeClientEvent' | 'RealtimeServerEvent';

/** What is wrong with an event by the official types; undefined when nothing is. */
export type EventCheck = (event: unknown) => string | undefined;

/** A check against the JSON schema of the official `openai` package's types; generated once per version of it. */
export async function officialEventCheck(direction: EventDirection): Promise<EventCheck> {
  const schema = await officialSchema(direction);
  const ajv = new Ajv({ strict: false, allErrors: false, discriminator: false });
  const definitions = (schema['definitions'] ?? {}) as Record<
    string,
    { properties?: { type?: { const?: string } } }
  >;
  ajv.addSchema(schema, 'official');
  // A union of forty alternatives complains forty times: the alternative of the event's own type says what is wrong.
  const checks = new Map<string, ValidateFunction>();
  for (const [name, definition] of Object.entries(definitions)) {
    const type = definition.properties?.type?.const;
    const isEvent = 'event_id' in (definition.properties ?? {}) && typeof type === 'string';
    if (isEvent) checks.set(type, ajv.compile({ $ref: `official#/definitions/${encodeURIComponent(name)}` }));
  }
  return (event) => {
    const { type } = event as { type: string };
    const check = checks.get(type);
    if (!check) return `there is no event of type ${type}`;
    return check(event) ? undefined : `${type}: ${ajv.errorsText(check.errors)}`;
  };
}

async function officialSchema(direction: EventDirection): Promise<Record<string, unknown>> {
  const { version } = JSON.parse(await readFile(join(openaiDirectory, 'package.json'), 'utf8')) as {
    version: string;
  };
  const directory = join(tmpdir(), 'tradeline-openai-schemas');
  const file = join(directory, `${direction}-${version}.json`);
  const cached = await readFile(file, 'utf8').catch(() => undefined);
  if (cached) return JSON.parse(cached) as Record<string, unknown>;
  const path = join(openaiDirectory, 'resources/realtime/realtime.d.ts');
  const schema = createGenerator({ path, type: direction, skipTypeCheck: true, expose: 'all' }).createSchema(
    direction,
  );
  await mkdir(directory, { recursive: true });
  // Written aside and moved, as two test processes may do this at once.
  await writeFile(`${file}.${process.pid}`, JSON.stringify(schema));
  await rename(`${file}.${process.pid}`, file);
  return schema as Record<string, unknown>;
}

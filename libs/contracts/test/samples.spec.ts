import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fromBinary, toBinary, toJson, type DescMessage } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { catalogue, SERVICES } from '../src/index.js';
import { sampleOf } from './sample.js';

const EVENTS = SERVICES.flatMap((service) => catalogue[service].says);

const pathOf = (schema: DescMessage, ending: 'bin' | 'json'): string =>
  fileURLToPath(new URL(`./samples/${schema.typeName}.${ending}`, import.meta.url));

/** Run once with WRITE_SAMPLES=1 for a new event; what is stored is never written again. */
const writeMissing = (schema: DescMessage): void => {
  if (process.env.WRITE_SAMPLES !== '1' || existsSync(pathOf(schema, 'bin'))) return;
  const message = sampleOf(schema);
  writeFileSync(pathOf(schema, 'bin'), toBinary(schema, message));
  writeFileSync(pathOf(schema, 'json'), `${JSON.stringify(toJson(schema, message), null, 2)}\n`);
};

describe.each(EVENTS.map((schema) => [schema.typeName, schema] as const))('%s', (_name, schema) => {
  writeMissing(schema);

  it('still means what it meant when it was stored', () => {
    const stored = new Uint8Array(readFileSync(pathOf(schema, 'bin')));
    const meant: unknown = JSON.parse(readFileSync(pathOf(schema, 'json'), 'utf8'));
    expect(toJson(schema, fromBinary(schema, stored))).toEqual(meant);
  });

  it('keeps what a newer writer added, so passing it on loses nothing', () => {
    const stored = new Uint8Array(readFileSync(pathOf(schema, 'bin')));
    // Field 1000, a varint: what a later version might have.
    const newer = new Uint8Array([...stored, 0xc0, 0x3e, 0x2a]);
    expect(toBinary(schema, fromBinary(schema, newer))).toEqual(newer);
  });
});

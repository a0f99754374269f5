import { describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { Recording, recordingName } from './recording.ts';
import type { Narration } from './sandbox-calls.ts';

const directory = mkdtempSync(join(tmpdir(), 'recording-'));

async function* told(...lines: Narration[]): AsyncGenerator<Narration> {
  for (const line of lines) yield await Promise.resolve(line);
}

const recorded = (at: number, text: string): Narration => ({
  type: 'recorded',
  at,
  bytes: Buffer.from(text).toString('base64'),
});

describe('a recording', () => {
  it('writes each part to its place and lets the rest of the narration pass', async () => {
    const recording = new Recording(join(directory, 'call.wav'));
    const rest: string[] = [];
    const lines = told(recorded(0, '....'), { type: 'said' }, recorded(4, 'body'), recorded(0, 'head'), {
      type: 'ended',
    });
    for await (const { type } of recording.takeFrom(lines)) rest.push(type);
    recording.close();
    expect(rest).toEqual(['said', 'ended']);
    expect(readFileSync(recording.path, 'utf8')).toBe('headbody');
  });

  it('is as long as its header says', async () => {
    const header = Buffer.alloc(44);
    header.writeUInt32LE(32_000, 28);
    header.writeUInt32LE(80_000, 40);
    const recording = new Recording(join(directory, 'long.wav'));
    expect(recording.lengthMs).toBe(0);
    const lines = told({ type: 'recorded', at: 0, bytes: header.toString('base64') });
    for await (const line of recording.takeFrom(lines)) expect(line).toBeUndefined();
    expect(recording.lengthMs).toBe(2_500);
    recording.close();
  });

  it('leaves no empty file behind', () => {
    const recording = new Recording(join(directory, 'nothing.wav'));
    recording.close();
    expect(existsSync(recording.path)).toBe(false);
  });

  it.each([
    ['its directory does not exist', 'nowhere/call.wav'],
    ['it is a directory', '.'],
    ['something above it is a file', 'file/call.wav'],
  ])('that cannot be written is refused before the call: %s', (why, name) => {
    writeFileSync(join(directory, 'file'), '');
    expect(() => new Recording(join(directory, name))).toThrow(Failure);
    expect(() => new Recording(join(directory, name))).toThrow(why);
  });

  it('is called after its scenario and its time when it is given no name', () => {
    expect(recordingName('booked-plumber', new Date('2026-11-27T14:05:09.500Z'))).toBe(
      'booked-plumber-2026-11-27T14-05-09.wav',
    );
  });
});

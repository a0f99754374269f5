import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSpeech } from './speech.js';

/** Speaks like espeak-ng on a pipe: 22,050 Hz, a data length that it does not know yet, silence at the ends. */
const STAND_IN = (node: string) => `#!${node}
let text = '';
process.stdin.on('data', (part) => { text += part; }).on('end', () => {
  if (text.includes('refuse')) { process.stderr.write('no such voice'); process.exit(2); }
  const female = process.argv.some((argument) => argument.includes('+f'));
  const samples = Int16Array.from({ length: 22050 * 3 }, (_, i) => {
    const second = i / 22050;
    return second > 0.5 && second < 1 || second > 2 && second < 2.5 ? 8000 * Math.sin(2 * Math.PI * (female ? 400 : 200) * second) : 0;
  });
  const header = Buffer.alloc(44);
  header.write('RIFF', 0); header.writeUInt32LE(0x7ffff024, 4); header.write('WAVEfmt ', 8); header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); header.writeUInt16LE(1, 22); header.writeUInt32LE(22050, 24); header.writeUInt32LE(44100, 28);
  header.writeUInt16LE(2, 32); header.writeUInt16LE(16, 34); header.write('data', 36); header.writeUInt32LE(0x7ffff000, 40);
  process.stdout.write(Buffer.concat([header, Buffer.from(samples.buffer)]));
});
`;

describe('createSpeech with a program', () => {
  let directory: string;
  let espeakPath: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'espeak-'));
    espeakPath = join(directory, 'espeak-ng');
    await writeFile(espeakPath, STAND_IN(process.execPath));
    await chmod(espeakPath, 0o755);
  });

  afterAll(() => rm(directory, { recursive: true }));

  it('starts with the first sound and cuts pauses short of the end of a turn', async () => {
    const audio = await createSpeech({ espeakPath }).speak('Hello. It is me.', 'en', 'caller');
    // Two half seconds of sound, 260 ms between them, 260 ms after them.
    expect(audio.length / 8).toBeGreaterThan(1_500);
    expect(audio.length / 8).toBeLessThan(1_600);
  });

  it('gives caller and assistant different voices', async () => {
    const speech = createSpeech({ espeakPath });
    const [caller, assistant] = await Promise.all([
      speech.speak('Hello.', 'fr', 'caller'),
      speech.speak('Hello.', 'fr', 'assistant'),
    ]);
    expect(Buffer.from(caller ?? []).equals(Buffer.from(assistant ?? []))).toBe(false);
  });

  it('hands on what the program complained of', async () => {
    await expect(createSpeech({ espeakPath }).speak('refuse', 'en', 'caller')).rejects.toThrow(
      'espeak-ng ended with 2: no such voice',
    );
  });
});

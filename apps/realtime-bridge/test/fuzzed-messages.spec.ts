import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it, jest } from '@jest/globals';
import { MediaFrame, parseAnyStreamMessage, parseStreamMessage } from '@tradeline/twilio';
import { cutAudioDelta } from '../src/integrations/openai-realtime/audio-delta.js';
import {
  parseAnyServerEvent,
  parseServerEvent,
  readServerEvent,
} from '../src/integrations/openai-realtime/server-events.js';
import { SpokenAlignment } from '../src/integrations/openai-text-elevenlabs/spoken-alignment.js';
import { parseSpeechMessage } from '../src/integrations/openai-text-elevenlabs/speech-protocol.js';
import { mutated } from './mutations.js';
import { modelMessage, phoneMessage, speechMessage } from './real-messages.js';
import { SeededNumbers } from './seeded-numbers.js';

jest.setTimeout(60_000);

const PHONE_MESSAGES = 200_000;
const MODEL_MESSAGES = 100_000;
const SPEECH_MESSAGES = 30_000;

/** What was read wrongly, or made the reader throw; a handful says enough. */
class Findings {
  private readonly list: string[] = [];

  check(text: string, isRight: () => boolean): void {
    let finding: string | undefined;
    try {
      if (!isRight()) finding = 'misread';
    } catch (error) {
      finding = String(error);
    }
    if (finding !== undefined && this.list.length < 5) this.list.push(`${finding}: ${text.slice(0, 600)}`);
  }

  get all(): readonly string[] {
    return this.list;
  }
}

describe('a damaged message', () => {
  it(`of the phone network means to the fast reader what it means to the general one, ${PHONE_MESSAGES} times`, () => {
    const numbers = new SeededNumbers(31_924);
    const findings = new Findings();
    const frame = new MediaFrame();
    let byPosition = 0;
    for (let i = 0; i < PHONE_MESSAGES; i += 1) {
      const raw = mutated(phoneMessage(numbers), numbers);
      findings.check(raw, () => {
        const expected = parseAnyStreamMessage(raw);
        if (!isDeepStrictEqual(parseStreamMessage(raw), expected)) return false;
        if (!frame.read(raw)) return true;
        byPosition += 1;
        const { sequence, streamSid, track, chunk, timestampMs, payload } = frame;
        const read = { event: 'media', sequence, streamSid, track, chunk, timestampMs, payload };
        return isDeepStrictEqual(read, expected);
      });
    }
    expect(findings.all).toEqual([]);
    // Enough of both kinds, or nothing has been compared.
    expect(byPosition).toBeGreaterThan(PHONE_MESSAGES / 20);
  });

  it(`of the model means to the fast reader what it means to the general one, ${MODEL_MESSAGES} times, and never throws`, () => {
    const numbers = new SeededNumbers(429);
    const findings = new Findings();
    let [byPosition, unreadable] = [0, 0];
    for (let i = 0; i < MODEL_MESSAGES; i += 1) {
      // As bytes have it: half a surrogate never comes over a wire.
      const text = Buffer.from(mutated(modelMessage(numbers), numbers)).toString();
      findings.check(text, () => {
        const expected = parseAnyServerEvent(text);
        const cut = cutAudioDelta(text);
        if (cut) byPosition += 1;
        if (expected) readServerEvent(expected);
        else unreadable += 1;
        return cut === undefined
          ? isDeepStrictEqual(parseServerEvent(Buffer.from(text)), expected)
          : isDeepStrictEqual(cut, expected);
      });
    }
    expect(findings.all).toEqual([]);
    expect(byPosition).toBeGreaterThan(MODEL_MESSAGES / 200);
    expect(unreadable).toBeLessThan(MODEL_MESSAGES / 1.5);
  });

  it(`of the speech service is read or left, ${SPEECH_MESSAGES} times, and never throws`, () => {
    const numbers = new SeededNumbers(1008);
    const findings = new Findings();
    let heard = 0;
    for (let i = 0; i < SPEECH_MESSAGES; i += 1) {
      const text = mutated(speechMessage(numbers), numbers);
      findings.check(text, () => {
        const message = parseSpeechMessage(text);
        if (message?.kind !== 'audio') return true;
        heard += 1;
        const alignment = new SpokenAlignment();
        return (
          typeof alignment.add(400, message.alignment, 'Hi ') === 'string' &&
          typeof alignment.heardText(60) === 'string'
        );
      });
    }
    expect(findings.all).toEqual([]);
    expect(heard).toBeGreaterThan(SPEECH_MESSAGES / 10);
  });
});

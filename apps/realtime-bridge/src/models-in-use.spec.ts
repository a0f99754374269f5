import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type BridgeEnv, readEnv } from './env.js';
import { TRANSCRIPTION_MODEL } from './integrations/openai-realtime/session-configuration.js';
import { readModelRegister } from './integrations/read-model-register.js';
import { refuseModelsThatAreGone } from './models-in-use.js';

const envWith = (change: Readonly<Record<string, string>>): BridgeEnv =>
  readEnv({
    NATS_URL: 'nats://127.0.0.1:4222',
    NATS_USER: 'realtime-bridge',
    NATS_PASSWORD: 'secret',
    PUBLIC_URL: 'https://calls.example.com',
    TWILIO_AUTH_TOKEN: 'token',
    STREAM_TOKEN_SECRET: 'a-secret-of-sixteen',
    OPENAI_API_KEY: 'sk-test',
    ...change,
  });

describe('the models in use', () => {
  const register = readModelRegister();
  const refusal = (change: Readonly<Record<string, string>>, day: string) => () =>
    refuseModelsThatAreGone(envWith(change), register, new Date(day));

  it('are fit on the day of the last review, as they come', () => {
    expect(refusal({ ELEVENLABS_API_KEY: 'xi' }, '2026-11-22')).not.toThrow();
  });

  it('are by default those that the register says they are', () => {
    const { OPENAI_REALTIME_MODEL, ELEVENLABS_MODEL } = envWith({});
    const file = new URL('../models.json', import.meta.url);
    const { defaults } = JSON.parse(readFileSync(file, 'utf8')) as { defaults: unknown };
    expect(defaults).toEqual({ OPENAI_REALTIME_MODEL, ELEVENLABS_MODEL, transcription: TRANSCRIPTION_MODEL });
  });

  it('are refused from their last day on, with the variable to set and to what', () => {
    const change = { OPENAI_REALTIME_MODEL: 'gpt-realtime-2025-08-28' };
    expect(refusal(change, '2027-01-19')).not.toThrow();
    expect(refusal(change, '2027-01-20')).toThrow(
      'gpt-realtime-2025-08-28 was shut down on 2027-01-20. Set OPENAI_REALTIME_MODEL: gpt-realtime-2.1.',
    );
  });

  it('are of no concern where they are not used', () => {
    expect(refusal({ ELEVENLABS_MODEL: 'tts-1' }, '2027-02-01')).not.toThrow();
    expect(refusal({ ELEVENLABS_MODEL: 'tts-1', ELEVENLABS_API_KEY: 'xi' }, '2027-02-01')).toThrow('tts-1');
  });
});

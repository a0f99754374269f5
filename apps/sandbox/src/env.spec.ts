import { describe, expect, it } from '@jest/globals';
import { readEnv } from './env.js';

describe('readEnv', () => {
  it('asks for nothing but the auth token', () => {
    expect(readEnv({ TWILIO_AUTH_TOKEN: 'secret', ESPEAK_PATH: '' })).toEqual({
      HOST: '127.0.0.1',
      PORT: 0,
      SMTP_PORT: 0,
      TWILIO_AUTH_TOKEN: 'secret',
    });
  });

  it('names every wrong variable at once', () => {
    expect(() => readEnv({ PORT: '99999', PUBLIC_URL: 'somewhere', TWILIO_ACCOUNT_SID: 'AC1' })).toThrow(
      /PORT[^]*PUBLIC_URL[^]*TWILIO_AUTH_TOKEN[^]*TWILIO_ACCOUNT_SID/,
    );
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outsideAddresses, sharedCredentials, standIns } from './outside-parties.ts';
import { Secrets } from './secrets.ts';

const SANDBOX = { url: 'http://127.0.0.1:4000', smtpUrl: 'smtp://127.0.0.1:4025' };

describe('outside parties', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'tradeline-secrets-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('lets the sandbox stand in for every party without credentials', () => {
    expect(standIns({})).toEqual(['twilio', 'openai', 'elevenlabs', 'mail', 'hubspot']);
    expect(outsideAddresses({}, SANDBOX)).toEqual({
      TWILIO_API_BASE_URL: 'http://127.0.0.1:4000/twilio',
      OPENAI_BASE_URL: 'http://127.0.0.1:4000/openai/v1',
      ELEVENLABS_BASE_URL: 'http://127.0.0.1:4000/elevenlabs',
      HUBSPOT_BASE_URL: 'http://127.0.0.1:4000/hubspot',
      SMTP_URL: 'smtp://127.0.0.1:4025',
    });
  });

  it('uses another OpenAI-compatible server when only its address is given', () => {
    const env = { OPENAI_BASE_URL: 'http://127.0.0.1:9000/v1' };
    expect(standIns(env)).not.toContain('openai');
    expect(outsideAddresses(env, SANDBOX).OPENAI_BASE_URL).toBe('http://127.0.0.1:9000/v1');
  });

  it('leaves the real vendor address to the service when credentials are given', () => {
    const addresses = outsideAddresses({ OPENAI_API_KEY: 'sk-real', TWILIO_AUTH_TOKEN: 'real' }, SANDBOX);
    expect(addresses).not.toHaveProperty('OPENAI_BASE_URL');
    expect(addresses).not.toHaveProperty('TWILIO_API_BASE_URL');
  });

  it('plays ElevenLabs only beside a played model, since nobody else needs it', () => {
    const env = { OPENAI_API_KEY: 'sk-real' };
    expect(standIns(env)).not.toContain('elevenlabs');
    expect(outsideAddresses(env, SANDBOX)).not.toHaveProperty('ELEVENLABS_BASE_URL');
    expect(sharedCredentials(env, new Secrets(directory))).not.toHaveProperty('ELEVENLABS_API_KEY');
    expect(sharedCredentials({ ELEVENLABS_API_KEY: 'real' }, new Secrets(directory))).toMatchObject({
      ELEVENLABS_API_KEY: 'real',
    });
  });

  it('keeps made-up credentials for the next start, readable by their owner only', () => {
    const first = sharedCredentials({}, new Secrets(directory));
    expect(sharedCredentials({}, new Secrets(directory))).toEqual(first);
    expect(first.TWILIO_ACCOUNT_SID).toMatch(/^AC[0-9a-f]{32}$/);
    expect(statSync(join(directory, 'secrets/twilio-auth-token')).mode & 0o777).toBe(0o600);
  });
});

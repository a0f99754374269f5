import { describe, expect, it } from '@jest/globals';
import { tmpdir } from 'node:os';
import { examine } from './examine.ts';

const faultsIn = async (env: NodeJS.ProcessEnv): Promise<string[]> =>
  (await examine(env, tmpdir())).filter(({ level }) => level === 'fault').map(({ what }) => what);

describe('doctor', () => {
  it('names every account that real calls need, each with its cure', async () => {
    const findings = (await examine({}, tmpdir())).filter(({ level }) => level === 'fault');
    const text = findings.map(({ what }) => what).join('\n');
    for (const name of [
      'TWILIO_ACCOUNT_SID',
      'TWILIO_AUTH_TOKEN',
      'PUBLIC_URL',
      'OPENAI_API_KEY',
      'SMTP_URL',
    ])
      expect(text).toContain(name);
    expect(findings.every(({ cure }) => cure)).toBe(true);
  });

  it('refuses a public address that Twilio could not use', async () => {
    expect(await faultsIn({ PUBLIC_URL: 'http://phone.example.com' })).toContain(
      'PUBLIC_URL is not https: Twilio opens media streams over TLS only',
    );
    expect(await faultsIn({ PUBLIC_URL: 'https://phone.example.com/app' })).toContain(
      'PUBLIC_URL has a path or a query: signatures would not match',
    );
  });

  it('never prints a secret', async () => {
    const findings = await examine({ TWILIO_AUTH_TOKEN: 'not-a-token-but-secret' }, tmpdir());
    expect(JSON.stringify(findings)).not.toContain('not-a-token-but-secret');
  });
});

import { randomBytes } from 'node:crypto';
import type { Secrets } from './secrets.ts';

/** An outside party and the variables that point us at the real one. */
export interface OutsideParty {
  readonly name: string;
  /** Any of these in the environment means that the real one (or another stand-in) is meant. */
  readonly variables: readonly string[];
}

export const OUTSIDE_PARTIES = {
  twilio: { name: 'Twilio (phone network)', variables: ['TWILIO_AUTH_TOKEN', 'TWILIO_API_BASE_URL'] },
  openai: { name: 'OpenAI (voice model)', variables: ['OPENAI_API_KEY', 'OPENAI_BASE_URL'] },
  elevenlabs: {
    name: 'ElevenLabs (speech from text)',
    variables: ['ELEVENLABS_API_KEY', 'ELEVENLABS_BASE_URL'],
  },
  mail: { name: 'Mail server', variables: ['SMTP_URL'] },
  hubspot: { name: 'HubSpot (CRM)', variables: ['HUBSPOT_ACCESS_TOKEN', 'HUBSPOT_BASE_URL'] },
} as const satisfies Record<string, OutsideParty>;

export type PartyKey = keyof typeof OUTSIDE_PARTIES;

const present = (party: OutsideParty, env: NodeJS.ProcessEnv): boolean =>
  party.variables.some((name) => env[name]);

/** Nobody needs ElevenLabs who has a real voice model: it is played only beside a played model. */
const isWanted = (key: PartyKey, env: NodeJS.ProcessEnv): boolean =>
  key !== 'elevenlabs' || !present(OUTSIDE_PARTIES.openai, env);

/** Which parties the sandbox stands in for. */
export const standIns = (env: NodeJS.ProcessEnv): PartyKey[] =>
  (Object.keys(OUTSIDE_PARTIES) as PartyKey[]).filter(
    (key) => !present(OUTSIDE_PARTIES[key], env) && isWanted(key, env),
  );

export interface SandboxAddress {
  readonly url: string;
  readonly smtpUrl: string;
}

const hex = (length: number): string => randomBytes(length / 2).toString('hex');

const elevenLabsKey = (env: NodeJS.ProcessEnv, secrets: Secrets): Record<string, string> => {
  if (env.ELEVENLABS_API_KEY) return { ELEVENLABS_API_KEY: env.ELEVENLABS_API_KEY };
  const played = env.ELEVENLABS_BASE_URL ?? standIns(env).includes('elevenlabs');
  return played ? { ELEVENLABS_API_KEY: secrets.get('elevenlabs-api-key', () => `sk_${hex(48)}`) } : {};
};

/** Credentials that both sides of a stand-in must share; the environment's when it gives them. */
export const sharedCredentials = (env: NodeJS.ProcessEnv, secrets: Secrets): Record<string, string> => ({
  TWILIO_ACCOUNT_SID: env.TWILIO_ACCOUNT_SID ?? secrets.get('twilio-account-sid', () => `AC${hex(32)}`),
  TWILIO_AUTH_TOKEN: env.TWILIO_AUTH_TOKEN ?? secrets.get('twilio-auth-token', () => hex(32)),
  OPENAI_API_KEY: env.OPENAI_API_KEY ?? secrets.get('openai-api-key', () => `sk-${hex(48)}`),
  ...elevenLabsKey(env, secrets),
});

/** Addresses of the outside world: the environment's, else the real ones by default, else the sandbox's. */
export const outsideAddresses = (env: NodeJS.ProcessEnv, sandbox: SandboxAddress): Record<string, string> => {
  const missing = new Set(standIns(env));
  const given = (name: string): Record<string, string> => (env[name] ? { [name]: env[name] } : {});
  return {
    ...(missing.has('twilio')
      ? { TWILIO_API_BASE_URL: `${sandbox.url}/twilio` }
      : given('TWILIO_API_BASE_URL')),
    ...(missing.has('openai') ? { OPENAI_BASE_URL: `${sandbox.url}/openai/v1` } : given('OPENAI_BASE_URL')),
    ...(missing.has('elevenlabs')
      ? { ELEVENLABS_BASE_URL: `${sandbox.url}/elevenlabs` }
      : given('ELEVENLABS_BASE_URL')),
    ...(missing.has('hubspot') ? { HUBSPOT_BASE_URL: `${sandbox.url}/hubspot` } : given('HUBSPOT_BASE_URL')),
    SMTP_URL: missing.has('mail') ? sandbox.smtpUrl : (env.SMTP_URL ?? ''),
  };
};

import { accessSync, constants, mkdirSync, statfsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { examineModels } from './models.ts';

/** One thing looked at: fit, worth knowing, or in the way of real calls. */
export interface Finding {
  readonly level: 'ok' | 'advice' | 'fault';
  readonly what: string;
  readonly cure?: string;
}

const GIBIBYTE = 1024 ** 3;
const DISK_BYTES_MIN = 2 * GIBIBYTE;
const MEMORY_BYTES_MIN = 2 * GIBIBYTE;
const ANSWER_WITHIN_MS = 5_000;

const ok = (what: string): Finding => ({ level: 'ok', what });
const advice = (what: string, cure: string): Finding => ({ level: 'advice', what, cure });
const fault = (what: string, cure: string): Finding => ({ level: 'fault', what, cure });

const gibibytes = (bytes: number): string => `${(bytes / GIBIBYTE).toFixed(1)} GiB`;

const machine = (dataDir: string): Finding[] => {
  const findings: Finding[] = [ok(`Node ${process.versions.node}`)];
  const memory = totalmem();
  findings.push(
    memory >= MEMORY_BYTES_MIN
      ? ok(`${gibibytes(memory)} of memory`)
      : fault(`Only ${gibibytes(memory)} of memory`, 'Postgres and seven processes want 2 GiB at least.'),
  );
  try {
    mkdirSync(dataDir, { recursive: true });
    accessSync(dataDir, constants.W_OK);
    const { bavail, bsize } = statfsSync(dataDir);
    const free = bavail * bsize;
    findings.push(
      free >= DISK_BYTES_MIN
        ? ok(`${gibibytes(free)} free for ${dataDir}`)
        : fault(
            `Only ${gibibytes(free)} free for ${dataDir}`,
            'Free some space, or put the data elsewhere with --data-dir.',
          ),
    );
  } catch (error) {
    findings.push(
      fault(
        `${dataDir} cannot be written: ${(error as Error).message}`,
        'Give a directory of your own with --data-dir.',
      ),
    );
  }
  return findings;
};

const variable = (
  env: NodeJS.ProcessEnv,
  name: string,
  shape: RegExp,
  form: string,
  where: string,
): Finding => {
  const value = env[name];
  if (!value) return fault(`${name} is not set`, `${where} Until then the sandbox stands in.`);
  return shape.test(value)
    ? ok(`${name} is set`)
    : fault(`${name} does not look right`, `It is ${form}. ${where}`);
};

const publicAddress = async (env: NodeJS.ProcessEnv): Promise<Finding> => {
  const value = env.PUBLIC_URL;
  const cure = 'Set PUBLIC_URL to the https address that leads to the front door, without a path.';
  if (!value) return fault('PUBLIC_URL is not set: Twilio cannot reach this machine', cure);
  if (!URL.canParse(value)) return fault('PUBLIC_URL is not an address', cure);
  const url = new URL(value);
  if (url.protocol !== 'https:')
    return fault('PUBLIC_URL is not https: Twilio opens media streams over TLS only', cure);
  if (url.pathname !== '/' || url.search)
    return fault('PUBLIC_URL has a path or a query: signatures would not match', cure);
  try {
    await fetch(new URL('/openapi.json', url), { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return ok(`PUBLIC_URL ${url.origin} answers`);
  } catch {
    return advice(
      `PUBLIC_URL ${url.origin} does not answer now`,
      'That is right while the platform is down; look again when it is up.',
    );
  }
};

const openAiKey = async (env: NodeJS.ProcessEnv): Promise<Finding> => {
  const where = 'Make a key in the OpenAI platform, under API keys.';
  if (!env.OPENAI_API_KEY)
    return fault('OPENAI_API_KEY is not set', `${where} Until then the sandbox stands in.`);
  const base = env.OPENAI_BASE_URL ?? 'https://api.openai.com/v1';
  try {
    const response = await fetch(`${base.replace(/\/$/, '')}/models`, {
      headers: { authorization: `Bearer ${env.OPENAI_API_KEY}` },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (response.status === 401) return fault('OPENAI_API_KEY is refused (401)', where);
    return response.ok
      ? ok('OPENAI_API_KEY is accepted')
      : advice(`The OpenAI API answered ${response.status}`, 'Look at its status page.');
  } catch {
    return fault(
      `The OpenAI API at ${base} cannot be reached`,
      'Let this machine reach it over TLS, or set OPENAI_BASE_URL.',
    );
  }
};

/** Looks at everything that real calls need. */
export const examine = async (env: NodeJS.ProcessEnv, dataDir: string): Promise<Finding[]> => [
  ...machine(dataDir),
  variable(
    env,
    'TWILIO_ACCOUNT_SID',
    /^AC[0-9a-f]{32}$/,
    '"AC" and 32 hexadecimal digits',
    'It is on the first page of the Twilio Console.',
  ),
  variable(
    env,
    'TWILIO_AUTH_TOKEN',
    /^[0-9a-f]{32}$/,
    '32 hexadecimal digits',
    'It is on the first page of the Twilio Console.',
  ),
  await publicAddress(env),
  await openAiKey(env),
  ...examineModels(env),
  variable(
    env,
    'SMTP_URL',
    /^smtps?:\/\/.+/,
    'smtp://user:password@host:587 or smtps://...',
    'Your mail provider gives it.',
  ),
  env.HUBSPOT_ACCESS_TOKEN
    ? ok('HUBSPOT_ACCESS_TOKEN is set')
    : advice(
        'HUBSPOT_ACCESS_TOKEN is not set: leads of the first tenant go to no HubSpot',
        'Each tenant can connect its own: PUT /v1/connections/hubspot.',
      ),
];

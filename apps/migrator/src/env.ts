import { readFileSync } from 'node:fs';
import { EnvError, parseEnv } from '@tradeline/service-runtime';
import type { BusCredentials } from '@tradeline/messaging';
import { z } from 'zod';
import { targetOf } from './database/target.js';
import type { Target } from './database/target.js';
import { DOMAINS } from './domain/domains.js';

export interface MigratorEnv {
  readonly targets: readonly Target[];
  /** Absent when no NATS_URL is set: then the streams are left alone. */
  readonly bus: BusCredentials | undefined;
  readonly waitMs: number;
}

const text = z.string().optional();

/** Of all domains alike; each also has `<DOMAIN>_OWNER_URL`, or `<DOMAIN>_OWNER_PASSWORD` or `..._PASSWORD_FILE`. */
const SHARED = {
  POSTGRES_HOST: text.describe('The server of all domains without an address of their own.'),
  POSTGRES_PORT: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .default(5432)
    .describe('The port of POSTGRES_HOST.'),
  NATS_URL: text.describe('Set it to have the streams made, e.g. nats://127.0.0.1:4222.'),
  NATS_USER: z.string().default('migrator').describe('A user that may use the whole JetStream API.'),
  NATS_PASSWORD: text,
  NATS_PASSWORD_FILE: text,
  WAIT_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(0)
    .default(60_000)
    .describe('How long servers may take to come up.'),
};

const OWN = Object.fromEntries(
  DOMAINS.flatMap(({ name }) =>
    ['URL', 'PASSWORD', 'PASSWORD_FILE'].map((what) => [variable(name, what), text]),
  ),
);

function variable(domain: string, what: string): string {
  return `${domain.toUpperCase()}_OWNER_${what}`;
}

type Source = Readonly<Record<string, string | undefined>>;

/** @throws EnvError naming every wrong variable; never a value, as some are secrets */
export function readEnv(source: Source = process.env): MigratorEnv {
  const shared = parseEnv(SHARED, source);
  const own: Source = parseEnv(OWN, source) as Source;
  const faults: { name: string; fault: string; cure: string }[] = [];
  const secret = (name: string): string | undefined => {
    try {
      return secretOf(name, source);
    } catch {
      faults.push({
        name: `${name}_FILE`,
        fault: 'cannot be read',
        cure: 'Set it to a file with the password alone.',
      });
      return undefined;
    }
  };
  const targets = DOMAINS.flatMap(({ name }) => {
    const given = own[variable(name, 'URL')];
    const password = secret(variable(name, 'PASSWORD'));
    const { POSTGRES_HOST: host, POSTGRES_PORT: port } = shared;
    const url =
      given ??
      (host && password !== undefined ? `postgresql://${name}_owner@${host}:${port}/${name}` : undefined);
    if (url && isPostgresUrl(url)) return [targetOf(name, url, password)];
    const fault = given ? 'must be a postgresql:// address' : 'is not set';
    const cure = `Set it to the address at which ${name}_owner signs in, or set POSTGRES_HOST and ${variable(name, 'PASSWORD')}_FILE.`;
    faults.push({ name: variable(name, 'URL'), fault, cure });
    return [];
  });
  const bus = shared.NATS_URL
    ? { NATS_URL: shared.NATS_URL, NATS_USER: shared.NATS_USER, NATS_PASSWORD: secret('NATS_PASSWORD') ?? '' }
    : undefined;
  if (faults.length > 0) throw new EnvError(faults);
  return { targets, bus, waitMs: shared.WAIT_TIMEOUT_MS };
}

function isPostgresUrl(url: string): boolean {
  return URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol);
}

/** A secret set outright, or in a file, whose last line break is not part of it. */
function secretOf(name: string, source: Source): string | undefined {
  const file = source[`${name}_FILE`];
  return file ? readFileSync(file, 'utf8').replace(/\r?\n$/, '') : source[name];
}

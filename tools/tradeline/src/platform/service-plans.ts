import { join } from 'node:path';
import type { DatabaseName } from '@tradeline/embedded-servers';
import { inRoot } from '../paths.ts';
import type { Servers } from './servers.ts';
import type { ProcessPlan } from './supervised-process.ts';

export interface PlanInput {
  readonly dataDir: string;
  readonly publicUrl: string;
  readonly servers: Servers;
  readonly masterKeyFile: string;
  /** Credentials and addresses of the outside parties. */
  readonly outside: Readonly<Record<string, string>>;
  readonly secrets: { readonly streamToken: string; readonly operator: string };
  readonly bridges: number;
  readonly webhookToLoopback: boolean;
}

/** Which database each service owns; the bridge owns none. */
const DOMAIN_OF: Readonly<Record<string, DatabaseName>> = {
  'telephony-gateway': 'telephony',
  'lead-qualifier': 'leads',
  notifier: 'notifications',
  'metrics-aggregator': 'metrics',
  'tenant-gateway': 'tenants',
};

const TWILIO = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_API_BASE_URL'];
const OPENAI = ['OPENAI_API_KEY', 'OPENAI_BASE_URL'];
const ELEVENLABS = ['ELEVENLABS_API_KEY', 'ELEVENLABS_BASE_URL'];

/** Each service is given only what it needs. */
const OUTSIDE_OF: Readonly<Record<string, readonly string[]>> = {
  'telephony-gateway': TWILIO,
  'realtime-bridge': ['TWILIO_AUTH_TOKEN', ...OPENAI, ...ELEVENLABS],
  'lead-qualifier': OPENAI,
  notifier: ['SMTP_URL', 'HUBSPOT_BASE_URL'],
};

/** Variables of the caller's environment that every service may see. */
const PASSED_ON = /^(?:PATH|HOME|LANG|TZ|LOG_LEVEL|NODE_OPTIONS|NODE_EXTRA_CA_CERTS|OTEL_.*)$/;

const passedOn = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name)));

const pick = (from: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (from[name] ? [[name, from[name]]] : [])));

export const builtEntry = (app: string): string => inRoot('apps', app, 'dist/main.js');

/** What every process of ours is started with. */
export const commonEnv = (dataDir: string, name: string, instance = name): NodeJS.ProcessEnv => ({
  ...passedOn(),
  NODE_ENV: 'production',
  // Compiled code is kept between starts, which then take about a quarter less time.
  NODE_COMPILE_CACHE: inRoot('node_modules/.cache/tradeline/compiled'),
  SERVICE_NAME: name,
  INSTANCE_ID: instance,
  HOST: '127.0.0.1',
  PORT: '0',
  TRACES_DIR: join(dataDir, 'traces'),
});

/** What the caller's environment sets otherwise than by default. */
const chosen = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));

const ownSettings = (service: string, input: PlanInput): Record<string, string> => {
  switch (service) {
    case 'telephony-gateway':
      return { PUBLIC_URL: input.publicUrl };
    case 'realtime-bridge':
      return {
        PUBLIC_URL: input.publicUrl,
        STREAM_TOKEN_SECRET: input.secrets.streamToken,
        ...(process.env.STREAM_PUBLIC_URL ? { STREAM_PUBLIC_URL: process.env.STREAM_PUBLIC_URL } : {}),
        ...chosen('OPENAI_REALTIME_MODEL', 'ELEVENLABS_MODEL', 'ELEVENLABS_VOICE_ID'),
      };
    case 'notifier':
      return {
        REDIS_URL: input.servers.redis.url,
        MAIL_FROM: process.env.MAIL_FROM ?? 'TradeLine 24/7 <assistant@tradeline.example>',
        ...(input.webhookToLoopback ? { WEBHOOK_ALLOW_LOOPBACK: 'true' } : {}),
      };
    case 'tenant-gateway':
      return { PUBLIC_URL: input.publicUrl, OPERATOR_TOKEN: input.secrets.operator };
    default:
      return {};
  }
};

const database = (service: string, input: PlanInput): Record<string, string> => {
  const domain = DOMAIN_OF[service];
  if (!domain) return {};
  const { serviceUrl, relayUrl } = input.servers.postgres.databases[domain];
  return { DATABASE_URL: serviceUrl, RELAY_DATABASE_URL: relayUrl, MASTER_KEY_FILE: input.masterKeyFile };
};

const plan = (service: string, instance: string, input: PlanInput): ProcessPlan => ({
  name: instance,
  entry: builtEntry(service),
  logFile: join(input.dataDir, 'logs', `${instance}.log`),
  readyPath: '/health/ready',
  env: {
    ...commonEnv(input.dataDir, service, instance),
    ...input.servers.nats.credentials[service],
    ...database(service, input),
    ...pick(input.outside, OUTSIDE_OF[service] ?? []),
    ...ownSettings(service, input),
  },
});

export const SINGLE_SERVICES = [
  'tenant-gateway',
  'telephony-gateway',
  'lead-qualifier',
  'notifier',
  'metrics-aggregator',
] as const;

/** One process per service and as many bridges as asked for. */
export const servicePlans = (input: PlanInput): ProcessPlan[] => [
  ...SINGLE_SERVICES.map((service) => plan(service, service, input)),
  ...Array.from({ length: input.bridges }, (_, index) =>
    plan('realtime-bridge', `bridge-${index + 1}`, input),
  ),
];

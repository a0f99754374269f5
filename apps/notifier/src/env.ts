import { databaseEnv, natsEnv, parseEnv, serviceEnv } from '@tradeline/service-runtime';
import { z } from 'zod';

const webAddress = z.url({ protocol: /^https?$/, error: 'must be an http(s) address' });
const milliseconds = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

/** @throws EnvError naming every wrong variable. */
export const readEnv = (source?: Readonly<Record<string, string | undefined>>) =>
  parseEnv(
    {
      ...serviceEnv,
      ...natsEnv,
      ...databaseEnv,
      REDIS_URL: z
        .url({ protocol: /^rediss?$/, error: 'must be a redis:// address' })
        .describe('Set it to the address of Redis, e.g. redis://:password@127.0.0.1:6379.'),
      SMTP_URL: z
        .url({ protocol: /^smtps?$/, error: 'must be an smtp:// or smtps:// address' })
        .describe('Set it to the mail server, e.g. smtps://user:password@mail.example.com.'),
      MAIL_FROM: z
        .string()
        .regex(/^[^\r\n]*[^\s@<>]+@[A-Za-z0-9.-]+>?$/, 'must be a mail address, with or without a name')
        .describe('Set it to the sender of all mails, e.g. "Receptionist <calls@example.com>".'),
      HUBSPOT_BASE_URL: webAddress
        .default('https://api.hubapi.com')
        .describe('Where HubSpot is; change it only to test against another server.'),
      WEBHOOK_ALLOW_LOOPBACK: z
        .enum(['true', 'false'])
        .default('false')
        .transform((text) => text === 'true')
        .describe('true lets webhooks go to this machine itself, without TLS: for trying things out.'),
      SWEEP_INTERVAL_MS: milliseconds(50, 600_000)
        .default(1_000)
        .describe('How often the table is searched for what is due and on no list, in milliseconds.'),
      LEASE_MS: milliseconds(500, 600_000)
        .default(10_000)
        .describe('How long a worker that went silent keeps a delivery from the others, in milliseconds.'),
    },
    source,
  );

export type NotifierEnv = ReturnType<typeof readEnv>;

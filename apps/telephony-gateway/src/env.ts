import { databaseEnv, natsEnv, parseEnv, serviceEnv } from '@tradeline/service-runtime';
import { z } from 'zod';

export const readEnv = (source?: Readonly<Record<string, string | undefined>>) =>
  parseEnv(
    {
      ...serviceEnv,
      ...natsEnv,
      ...databaseEnv,
      PUBLIC_URL: z
        .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
        .describe('Set it to the address at which Twilio reaches us; signatures are computed over it.'),
      TWILIO_ACCOUNT_SID: z
        .string()
        .regex(/^AC/, 'must begin with AC')
        .describe('Set it to the account’s SID.'),
      TWILIO_AUTH_TOKEN: z.string().min(1).describe('Set it to the account’s auth token.'),
      TWILIO_API_BASE_URL: z
        .url()
        .default('https://api.twilio.com')
        .describe('Where Twilio’s REST API is; change it only to test against another server.'),
    },
    source,
  );

export type GatewayEnv = ReturnType<typeof readEnv>;

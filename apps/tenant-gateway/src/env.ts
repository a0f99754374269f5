import { databaseEnv, natsEnv, parseEnv, serviceEnv } from '@tradeline/service-runtime';
import { z } from 'zod';

export const readEnv = (source?: Readonly<Record<string, string | undefined>>) =>
  parseEnv(
    {
      ...serviceEnv,
      ...natsEnv,
      ...databaseEnv,
      OPERATOR_TOKEN: z
        .string()
        .min(16, 'must have at least 16 characters')
        .describe('Set it to a long random secret: whoever knows it may create tenants.'),
      PUBLIC_URL: z
        .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
        .describe('Set it to the address at which tenants reach the API; the API description shows it.'),
      RATE_LIMIT_PER_SECOND: z.coerce
        .number()
        .int()
        .min(1)
        .max(100_000)
        .default(300)
        .describe(
          'Requests a second that one API key may make for long; three seconds of it may come at once.',
        ),
    },
    source,
  );

export type Env = ReturnType<typeof readEnv>;

import { databaseEnv, natsEnv, parseEnv, serviceEnv } from '@tradeline/service-runtime';
import { z } from 'zod';

const milliseconds = (describe: string, fallback: number) => {
  const error = 'must be a whole number of milliseconds';
  return z.coerce.number({ error }).int(error).min(0, error).default(fallback).describe(describe);
};

const shape = {
  ...serviceEnv,
  ...natsEnv,
  ...databaseEnv,
  OPENAI_API_KEY: z.string().optional().describe('Without it, fixed rules read the transcripts.'),
  OPENAI_BASE_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
    .default('https://api.openai.com/v1')
    .describe('Where the model is.'),
  OPENAI_EXTRACTION_MODEL: z.string().default('gpt-5-mini').describe('The model that reads transcripts.'),
  OPENAI_TIMEOUT_MS: milliseconds('How long the model may read before the rules do.', 4_000),
  TRANSCRIPT_WAIT_MS: milliseconds(
    "How long after a conversation's end its missing utterances are waited for.",
    10_000,
  ),
  CALL_ENDED_GRACE_MS: milliseconds(
    "How long after a call's end its conversation may still say how it ended.",
    15_000,
  ),
};

export const readEnv = (source?: Readonly<Record<string, string | undefined>>) => parseEnv(shape, source);

export type Env = ReturnType<typeof readEnv>;

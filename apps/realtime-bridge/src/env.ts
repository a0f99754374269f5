import { natsEnv, parseEnv, serviceEnv } from '@tradeline/service-runtime';
import { z } from 'zod';

const webAddress = (cure: string) =>
  z.url({ protocol: /^(https?|wss?)$/, error: 'must be an http(s) or ws(s) address' }).describe(cure);

const SHAPE = {
  ...serviceEnv,
  ...natsEnv,
  PUBLIC_URL: webAddress('Set it to the address at which Twilio reaches this platform.'),
  STREAM_PUBLIC_URL: webAddress(
    'Where Twilio reaches the media streams, when that is not PUBLIC_URL.',
  ).optional(),
  TWILIO_AUTH_TOKEN: z
    .string()
    .min(1)
    .describe('Set it to the auth token of the Twilio account: handshakes are checked with it.'),
  STREAM_TOKEN_SECRET: z
    .string()
    .min(16, 'must have at least 16 characters')
    .describe('Set it to a random text; all bridges share it.'),
  OPENAI_API_KEY: z.string().min(1).describe('Set it to an API key for the Realtime API.'),
  OPENAI_BASE_URL: webAddress('Where the OpenAI API is; the Realtime socket is derived from it.').default(
    'https://api.openai.com/v1',
  ),
  OPENAI_REALTIME_MODEL: z
    .string()
    .min(1)
    .default('gpt-realtime-2.1')
    .describe('The model of tenants who chose none.'),
  ELEVENLABS_API_KEY: z
    .string()
    .default('')
    .describe('An API key for text to speech; without it every assistant speaks with the realtime model.'),
  ELEVENLABS_BASE_URL: webAddress(
    'Where the ElevenLabs API is; its speech socket is derived from it.',
  ).default('https://api.elevenlabs.io'),
  ELEVENLABS_MODEL: z
    .string()
    .min(1)
    .default('eleven_flash_v2_5')
    .describe("The speech model; it has to know the tenants' languages and to stream."),
  ELEVENLABS_VOICE_ID: z
    .string()
    .min(1)
    .default('JBFqnCBsd6RMkjVDRZzb')
    .describe('The voice of tenants who chose none.'),
  CAPACITY: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(400)
    .describe('Calls that this process takes at once, if MAX_EVENT_LOOP_USE leaves room for them.'),
  MAX_EVENT_LOOP_USE: z.coerce
    .number()
    .min(0.1)
    .max(1)
    .default(0.75)
    .describe('Share of a core above which this process takes no more calls; 1 leaves it to CAPACITY alone.'),
  COALESCE_ABOVE_EVENT_LOOP_USE: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe(
      'Share of a core above which audio travels in messages of 60 ms instead of 20; 0 for always, 1 for never.',
    ),
};

export const readEnv = (source?: Readonly<Record<string, string | undefined>>) => parseEnv(SHAPE, source);

export type BridgeEnv = ReturnType<typeof readEnv>;

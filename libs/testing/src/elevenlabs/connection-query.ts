import { z } from 'zod';
import { SpeechRefusal } from './refusal.js';

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');

/** The formats of `TextToSpeechOutputFormatEnum`; of these only telephone audio is spoken here. */
const OUTPUT_FORMAT =
  /^(?:mp3_(?:22050|44100)_\d+|pcm_(?:8000|16000|22050|24000|44100)|ulaw_8000|alaw_8000|opus_48000_\d+)$/u;

const QUERY = z.strictObject({
  model_id: z.string().default('eleven_multilingual_v2'),
  output_format: z.string().regex(OUTPUT_FORMAT).default('mp3_44100_128'),
  language_code: z
    .string()
    .regex(/^[a-z]{2,3}$/u)
    .optional(),
  inactivity_timeout: z.coerce.number().int().min(1).max(180).default(20),
  sync_alignment: flag,
  auto_mode: flag,
  enable_ssml_parsing: flag,
  enable_logging: z.enum(['true', 'false']).default('true'),
  apply_text_normalization: z.enum(['auto', 'on', 'off']).default('auto'),
  seed: z.coerce.number().int().min(0).max(4_294_967_295).optional(),
  authorization: z.string().optional(),
  single_use_token: z.string().optional(),
});

export type ConnectionQuery = z.infer<typeof QUERY>;

/** Models that take a language to insist on. */
const TAKES_LANGUAGE = /^eleven_(?:flash|turbo)_v2_5$/u;

/** @throws SpeechRefusal for what the multi-context socket cannot be asked for */
export function parseQuery(parameters: URLSearchParams): ConnectionQuery {
  const result = QUERY.safeParse(Object.fromEntries(parameters));
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new SpeechRefusal(
      'invalid_request',
      `Invalid query parameter ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    );
  }
  const query = result.data;
  if (query.model_id.startsWith('eleven_v3'))
    throw new SpeechRefusal(
      'model_not_supported',
      'Multi-context WebSockets are not available for this model.',
    );
  if (query.language_code !== undefined && !TAKES_LANGUAGE.test(query.model_id))
    throw new SpeechRefusal(
      'unsupported_language',
      `Model '${query.model_id}' does not support the language_code parameter.`,
    );
  if (query.output_format !== 'ulaw_8000')
    throw new SpeechRefusal(
      'output_format_not_allowed',
      `Requested output format ${query.output_format} is not spoken by this fake: it knows telephone audio only.`,
    );
  return query;
}

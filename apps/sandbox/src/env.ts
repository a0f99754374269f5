import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535).default(0);

const envShape = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: port,
  SMTP_PORT: port,
  /** Where the product is reached by the phone network. */
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  TWILIO_AUTH_TOKEN: z.string().min(1),
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-fA-F]{32}$/, 'AC and 32 hexadecimal digits are expected')
    .optional(),
  ESPEAK_PATH: z.string().optional(),
  ESPEAK_LIBRARY_PATH: z.string().optional(),
  ESPEAK_DATA_PATH: z.string().optional(),
});

export type SandboxEnv = z.infer<typeof envShape>;

/** @throws Error that names every wrong variable at once. An empty variable counts as absent. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): SandboxEnv {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const result = envShape.safeParse(given);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The sandbox cannot start with this environment:\n${faults.join('\n')}`);
}

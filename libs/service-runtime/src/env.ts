import { randomBytes } from 'node:crypto';
import { z } from 'zod';

interface EnvFault {
  readonly name: string;
  readonly fault: string;
  /** What to do, from the schema's description. */
  readonly cure: string;
}

/** Every wrong variable of a process, so that one start shows all of them. Values are never repeated: some are secrets. */
export class EnvError extends Error {
  override readonly name = 'EnvError';

  /** Not a plain field: printed with the error, it would say everything twice. */
  readonly #faults: readonly EnvFault[];

  constructor(faults: readonly EnvFault[]) {
    const lines = faults.map(
      ({ name, fault, cure }) => `  ${name}: ${fault}.${cure === '' ? '' : ` ${cure}`}`,
    );
    super(`the environment is not usable:\n${lines.join('\n')}`);
    this.#faults = faults;
    // Whoever reads it started a process with a wrong variable: where in our code it was noticed is of no use to them.
    this.stack = `${this.name}: ${this.message}`;
  }

  get faults(): readonly EnvFault[] {
    return this.#faults;
  }
}

type Source = Readonly<Record<string, string | undefined>>;
type Shape = Readonly<Record<string, z.ZodType>>;

const descriptionOf = (shape: Shape, name: string): string => {
  const schema = shape[name];
  return schema?.description ?? '';
};

/** Zod repeats the value in some messages; a message about a secret must not. */
const faultOf = (issue: z.core.$ZodIssue, isSet: boolean): string => {
  if (!isSet) return 'is not set';
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  const message = issue.message;
  return message.charAt(0).toLowerCase() + message.slice(1);
};

/**
 * Reads the environment by `shape`; a variable set to the empty string counts as not set.
 * @throws EnvError naming every wrong variable, what is wrong with it, and (from the schema's `describe`) what to do.
 */
export const parseEnv = <S extends Shape>(
  shape: S,
  source: Source = process.env,
): z.infer<z.ZodObject<S>> => {
  const given = Object.fromEntries(
    Object.keys(shape).map((name) => [name, source[name] === '' ? undefined : source[name]]),
  );
  const result = z.object(shape).safeParse(given);
  const faults = (result.error?.issues ?? []).map((issue): EnvFault => {
    const name = String(issue.path[0] ?? '?');
    return { name, fault: faultOf(issue, given[name] !== undefined), cure: descriptionOf(shape, name) };
  });
  if ('MASTER_KEY' in shape && 'MASTER_KEY_FILE' in shape && !given.MASTER_KEY && !given.MASTER_KEY_FILE) {
    faults.push({
      name: 'MASTER_KEY_FILE',
      fault: 'is not set',
      cure: descriptionOf(shape, 'MASTER_KEY_FILE'),
    });
  }
  if (!result.success || faults.length > 0) throw new EnvError(faults);
  return result.data;
};

const postgresUrl = (cure: string) =>
  z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// address' }).describe(cure);

const wholeNumber = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number({ error }).int(error).min(min, error).max(max, error);
};

/** What every service reads; spread it into the shape. */
export const serviceEnv = {
  HOST: z.string().default('127.0.0.1').describe('The address to listen on; loopback unless told otherwise.'),
  PORT: wholeNumber(0, 65_535).default(0).describe('The port to listen on; 0 takes a free one.'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('The least grave level that is logged.'),
  INSTANCE_ID: z
    .string()
    .regex(
      /^[A-Za-z0-9_-]{1,64}$/,
      'must be 1-64 letters, digits, "-" or "_": it becomes part of bus subjects and paths',
    )
    .default(() => randomBytes(6).toString('hex'))
    .describe('Names this process among its like; random when not set.'),
  DRAIN_TIMEOUT_MS: wholeNumber(0, 3_600_000)
    .default(10_000)
    .describe('Milliseconds that work in hand gets after SIGTERM.'),
};

/** How a service signs in to the bus. */
export const natsEnv = {
  NATS_URL: z.string().min(1).describe('Set it to the address of NATS, e.g. nats://127.0.0.1:4222.'),
  NATS_USER: z.string().min(1).describe("Set it to this service's own NATS user."),
  NATS_PASSWORD: z.string().min(1).describe('Set it to the password of NATS_USER.'),
};

/** How a service with a database signs in to it, and the key that its personal data is encrypted under. */
export const databaseEnv = {
  DATABASE_URL: postgresUrl("Set it to this domain's database, signed in as its service role."),
  RELAY_DATABASE_URL: postgresUrl("Set it to this domain's database, signed in as its relay role."),
  MASTER_KEY_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('Set it to a file with 32 random bytes in base64 (mode 0600), or set MASTER_KEY.'),
  MASTER_KEY: z.string().min(1).optional().describe('32 random bytes in base64; prefer MASTER_KEY_FILE.'),
};

export type ServiceEnv = z.infer<z.ZodObject<typeof serviceEnv>>;

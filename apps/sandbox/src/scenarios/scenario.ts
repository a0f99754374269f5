import { z } from 'zod';

/** What the assistant may ask for; the names are those under which the product captures them. */
export const ASKABLE = [
  'caller_name',
  'callback_number',
  'email',
  'job_summary',
  'preferred_datetime',
  'consent_recording',
  'consent_sms_opt_in',
] as const;
export type Askable = (typeof ASKABLE)[number];

/** No caller stays on the line longer, so no scenario can hang a demo or a test. */
const LONGEST_CALL_MS = 90_000;

const sentence = z.string().trim().min(1);
/** A list holds what is said the first time, the second time, ... that the same thing is asked. */
const answer = z
  .union([sentence, z.array(sentence).min(1)])
  .transform((given) => (typeof given === 'string' ? [given] : given));

/** BCP-47 */
const language = z.enum(['en-CA', 'fr-CA', 'es', 'tl']);

const stepShape = z
  .strictObject({
    /** Until the assistant has finished a sentence; until the call is over; or so many milliseconds. */
    wait: z
      .union([z.literal('assistant'), z.literal('hang_up'), z.int().positive().max(LONGEST_CALL_MS)])
      .optional(),
    say: sentence.optional(),
    /** What the caller speaks from here on. */
    language: language.optional(),
    /** Answers whatever of this is asked, in whatever order, until nothing of it is asked any more. */
    answer: z.partialRecord(z.enum(ASKABLE), answer).optional(),
    /** Speaks over the assistant's next sentence, so long after it began. */
    interrupt: z.strictObject({ after_ms: z.int().nonnegative(), say: sentence }).optional(),
    press: z
      .string()
      .regex(/^[0-9#*]+$/)
      .optional(),
    hang_up: z.literal(true).optional(),
  })
  .refine((step) => Object.values(step).filter((value) => value !== undefined).length === 1, {
    error: 'a step does exactly one thing: wait, say, language, answer, interrupt, press or hang_up',
  });

export const scenarioShape = z.strictObject({
  title: sentence,
  /** The language that the caller speaks, at least at first. */
  language,
  /** From the range that is set aside for fiction, so no real phone can ring. */
  from: z
    .string()
    .regex(/^\+1\d{3}55501\d{2}$/, 'a fictional number is expected: +1, an area code, 55501 and two digits'),
  /** How long the caller waits for the assistant to say something before he goes on. */
  patience_ms: z.int().positive().max(30_000).default(12_000),
  /** The caller hangs up by then, whatever happens. */
  longest_call_ms: z.int().positive().max(LONGEST_CALL_MS).default(LONGEST_CALL_MS),
  /** False for callers who try the assistant: `./tradeline call` plays them, `./tradeline demo` does not. */
  demo: z.boolean().default(true),
  caller: z.array(stepShape).min(1),
  expected: z.strictObject({
    outcome: z.enum(['qualified', 'dismissed']),
    fields: z.partialRecord(z.enum(ASKABLE), sentence).optional(),
  }),
});

export type Step = z.infer<typeof stepShape>;
export type Scenario = z.infer<typeof scenarioShape> & { readonly name: string };

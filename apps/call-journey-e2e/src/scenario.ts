/** What a caller does, step by step, as the sandbox's scenario files say it. */
export type Step =
  { readonly wait: 'assistant' | 'hang_up' | number } | { readonly say: string } | { readonly hang_up: true };

/** A caller of the test's own. */
export interface Scenario {
  readonly title: string;
  readonly language: 'en-CA';
  readonly from: string;
  readonly caller: readonly Step[];
  readonly expected: { readonly outcome: 'qualified'; readonly fields: Readonly<Record<string, string>> };
}

const waitForAnswer: Step = { wait: 'assistant' };

export const NAME_AND_JOB = 'My name is Marie Tremblay and my kitchen tap is leaking.';
export const PREFERRED_TIME = 'Tomorrow morning at nine would be best.';

/** The two last digits of a number tell one caller from another: each becomes a contact of its own. */
export const sayNumber = (caller: number): string => `My number is 613 555 01${caller}.`;
export const numberOf = (caller: number): string => `+161355501${caller}`;

const bookingOf = (caller: number, steps: readonly Step[]): Scenario => ({
  title: `Caller ${caller}`,
  language: 'en-CA',
  from: numberOf(caller),
  caller: steps,
  expected: {
    outcome: 'qualified',
    fields: { caller_name: 'Marie Tremblay', callback_number: numberOf(caller) },
  },
});

/**
 * A caller who gives name, job, number and time in three sentences and hangs up: a lead within half a minute.
 * @param caller 10 to 99
 * @param breathMs a pause before each sentence, so that callers who start together drift apart
 */
export const shortBooking = (caller: number, breathMs = 1): Scenario =>
  bookingOf(caller, [
    ...[NAME_AND_JOB, sayNumber(caller), PREFERRED_TIME].flatMap((sentence): Step[] => [
      waitForAnswer,
      { wait: breathMs },
      { say: sentence },
    ]),
    waitForAnswer,
    { hang_up: true },
  ]);

/** A caller who says everything in one breath, over the greeting, and hangs up at the first answer. */
export const hurriedBooking = (caller: number): Scenario =>
  bookingOf(caller, [
    { wait: 1_000 },
    { say: `${NAME_AND_JOB} ${sayNumber(caller)}` },
    waitForAnswer,
    { hang_up: true },
  ]);

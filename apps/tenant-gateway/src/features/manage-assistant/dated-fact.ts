import { z } from 'zod';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MINUTE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;

/** JavaScript reads the 30th of February as a day in March: a moment is one that comes out as it went in. */
const isOnTheCalendar = (moment: string): boolean => {
  const whole = DAY.test(moment) ? `${moment}T00:00` : moment;
  const read = new Date(`${whole}:00Z`);
  return MINUTE.test(whole) && !Number.isNaN(read.getTime()) && read.toISOString().startsWith(whole);
};

const end = (what: string) =>
  z
    .string()
    .refine(
      (moment) => moment === '' || isOnTheCalendar(moment),
      'Must be a day such as 2026-12-24, or a local time such as 2026-12-24T12:00',
    )
    .default('')
    .meta({ description: what });

const isInOrder = ({ validFrom, validUntil }: { validFrom: string; validUntil: string }): boolean => {
  if (validFrom === '' || validUntil === '') return true;
  // Of a day and a minute of it, neither is before the other.
  const length = Math.min(validFrom.length, validUntil.length);
  const [from, until] = [validFrom.slice(0, length), validUntil.slice(0, length)];
  return from < until || (from === until && DAY.test(from));
};

/** A fact and when it is true, in the tenant's own time. */
export const datedFact = z
  .strictObject({
    text: z.string().trim().min(1, 'Must not be empty').max(500),
    validFrom: end("The first day or minute, in the profile's time zone; empty for always"),
    validUntil: end(
      "The last day, or the minute at which it ends, in the profile's time zone; empty for ever",
    ),
  })
  .refine(({ validFrom, validUntil }) => validFrom !== '' || validUntil !== '', {
    path: ['validUntil'],
    error: 'Give validFrom, validUntil or both; a fact that is always true belongs in facts',
  })
  .refine(isInOrder, {
    path: ['validUntil'],
    error: 'Must not be before validFrom, nor at the very minute of it',
  })
  .meta({ id: 'DatedFact' });

import { z } from 'zod';

/** Query parameters and fields that several endpoints have. */

export const id = (prefix: string, what: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[A-Za-z0-9]{1,64}$`), `Must be the id of a ${what}: "${prefix}_..."`)
    .meta({ description: `The id of a ${what}`, example: `${prefix}_0197a0b1c2d37e4f8a5b6c7d8e9f0a1b` });

export const pageQuery = z.strictObject({
  limit: z.coerce
    .number('Must be a whole number from 1 to 100')
    .int('Must be a whole number from 1 to 100')
    .min(1, 'Must be a whole number from 1 to 100')
    .max(100, 'Must be a whole number from 1 to 100')
    .default(20)
    .meta({ description: 'How many to give at most' }),
  cursor: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .meta({ description: 'The nextCursor of the previous page; absent for the first' }),
});

export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item).meta({ description: 'Newest first' }),
    nextCursor: z.string().nullable().meta({ description: 'Null on the last page' }),
  });

export const time = z.iso
  .datetime()
  .meta({ description: 'UTC, ISO 8601', example: '2026-11-22T14:03:11.000Z' });

export const e164 = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, 'Must be an international number such as +16135550123')
  .meta({ description: 'E.164', example: '+16135550123' });

/** A number as it came over the phone network: empty when the caller withheld it. */
export const phoneNumber = z.string().meta({ description: 'E.164; empty when withheld' });

export const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'Must be a BCP-47 language such as en-CA')
  .meta({ description: 'BCP-47', example: 'fr-CA' });

export const milliseconds = z.number().int().meta({ description: 'Milliseconds' });

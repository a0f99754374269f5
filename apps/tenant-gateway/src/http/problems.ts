import { PublicError } from '@tradeline/service-runtime';
import type { z } from 'zod';

/** One wrong field. */
export interface FieldError {
  /** Where it is: "body", "query" or "path", then the way to it, e.g. "body.numbers.0.number". */
  readonly field: string;
  readonly message: string;
}

export const badRequest = (errors: readonly FieldError[]): PublicError =>
  new PublicError(400, 'The request is not valid', 'See errors for every field that is wrong.', {
    extensions: { errors },
  });

export const fieldErrors = (place: string, issues: readonly z.core.$ZodIssue[]): FieldError[] =>
  issues.flatMap((issue) => {
    const field = [place, ...issue.path.map(String)].join('.');
    if (issue.code !== 'unrecognized_keys') return [{ field, message: issue.message }];
    return issue.keys.map((key) => ({ field: `${field}.${key}`, message: 'There is no such field.' }));
  });

export const unauthorized = (detail: string): PublicError =>
  new PublicError(401, 'Not signed in', detail, {
    headers: { 'WWW-Authenticate': 'Bearer realm="tradeline"' },
  });

export const forbidden = (scope: string): PublicError =>
  new PublicError(403, 'The key may not do this', `It needs the scope ${scope}.`, { extensions: { scope } });

/** The same for what does not exist and for what is another tenant's. */
export const notFound = (what: string): PublicError =>
  new PublicError(404, 'Not found', `There is no such ${what}.`);

export const conflict = (detail: string): PublicError => new PublicError(409, 'Conflict', detail);

export const tooMany = (retryAfterSeconds: number): PublicError =>
  new PublicError(429, 'Too many requests', 'Wait before the next request; Retry-After says how long.', {
    headers: { 'Retry-After': String(retryAfterSeconds) },
  });

export const unavailable = (what: string): PublicError =>
  new PublicError(
    503,
    'For the moment not available',
    `${what} cannot be read just now. Nothing is lost; try again.`,
    {
      headers: { 'Retry-After': '2' },
    },
  );

import { timestampDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import { RpcRefused, RpcUnavailable } from '@tradeline/messaging';
import { badRequest, notFound, unavailable } from './problems.js';

/** From the bus's messages to what the API shows, and from its failures to what the API says. */

export const isoTime = (time: Timestamp | undefined): string | null =>
  time ? timestampDate(time).toISOString() : null;

/** "LEAD_CATEGORY_LEAD_CAPTURE" is 2 in the message and "lead_capture" in the API. A number we do not know is "unspecified". */
export const enumWord = (names: Readonly<Record<number, string>>, value: number): string =>
  (names[value] ?? 'UNSPECIFIED').toLowerCase();

/** What an owner of data could not answer, as a problem of ours. */
export const asProblem = (error: unknown, what: string): unknown => {
  if (error instanceof RpcUnavailable) return unavailable(what);
  if (!(error instanceof RpcRefused)) return error;
  if (error.code === 'not_found') return notFound(what);
  if (error.code === 'invalid') return badRequest([{ field: 'query', message: error.message }]);
  return unavailable(what);
};

export const orProblem = async <R>(asking: Promise<R>, what: string): Promise<R> => {
  try {
    return await asking;
  } catch (error) {
    throw asProblem(error, what);
  }
};

/** A part of a larger answer: what came, or null and why. */
export interface Part<T> {
  readonly value: T | null;
  /** Undefined when it came. */
  readonly note?: string;
}

/** A part that is missing is said to be missing; it does not spoil the rest. */
export const orNote = async <R, T>(
  asking: Promise<R>,
  read: (answer: R) => T | null,
  missing: string,
): Promise<Part<T>> => {
  try {
    const value = read(await asking);
    return value === null ? { value, note: missing } : { value };
  } catch (error) {
    if (error instanceof RpcRefused && error.code === 'not_found') return { value: null, note: missing };
    if (error instanceof RpcRefused || error instanceof RpcUnavailable) {
      return { value: null, note: 'For the moment not available.' };
    }
    throw error;
  }
};

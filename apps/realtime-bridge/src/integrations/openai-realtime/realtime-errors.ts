import type { Severity } from '../../domain/model-session.js';

/** The code with which the model refuses a second response at a time. */
export const ALREADY_ACTIVE = 'conversation_already_has_active_response';
const RATE_LIMITED = 'rate_limit_exceeded';

/** Nothing that is sent afterwards will succeed: who we are, what we may spend, or the session's end. */
const FATAL = new Set([
  'session_expired',
  'insufficient_quota',
  'invalid_api_key',
  'account_deactivated',
  'billing_hard_limit_reached',
  RATE_LIMITED,
  'model_not_found',
]);

/** Lost races: what was asked for had already happened. */
const BENIGN = new Set(['response_cancel_not_active', ALREADY_ACTIVE]);

/** Requests whose failure changes nothing for the caller carry this at the front of their event id. */
export const HARMLESS_PREFIX = 'harmless_';

/** Sorts an error by its code and by the request it answers. Unknown errors leave the session open, as the API says of most. */
export const severityOf = (code: string, type: string, eventId: string | undefined): Severity => {
  if (FATAL.has(code) || type === 'authentication_error') return 'fatal';
  if (BENIGN.has(code) || eventId?.startsWith(HARMLESS_PREFIX)) return 'benign';
  return 'retryable';
};

/** Sorts the error with which a response has failed. One that ran into a rate limit may be asked for again; the session goes on. */
export const responseSeverityOf = (code: string, type: string): Severity =>
  code === RATE_LIMITED ? 'retryable' : severityOf(code, type, undefined);

const AGAIN_IN = /try again in (?:(\d+)m)?(\d+(?:\.\d+)?)(ms|s)\b/u;

/** "Please try again in 1.5s." is all that the API says about it, and its types do not know the message. */
export const retryAfterMsOf = (error: object | undefined): number | undefined => {
  const message = error && 'message' in error && typeof error.message === 'string' ? error.message : '';
  const [, minutes = '0', amount, unit] = AGAIN_IN.exec(message) ?? [];
  if (amount === undefined) return undefined;
  return Math.ceil(Number(minutes) * 60_000 + Number(amount) * (unit === 'ms' ? 1 : 1_000));
};

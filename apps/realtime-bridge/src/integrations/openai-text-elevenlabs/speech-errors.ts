import type { Severity } from '../../domain/model-session.js';

/** Another attempt meets the same answer: who we are, what we may spend, and what we ask for at all. */
const FATAL = new Set([
  'invalid_api_key',
  'missing_api_key',
  'missing_permissions',
  'needs_authorization',
  'quota_exceeded',
  'payment_required',
  'detected_unusual_activity',
  'voice_id_does_not_exist',
  'voice_not_found',
  'voice_disabled',
  'model_not_found',
  'model_not_supported',
  'unsupported_language',
  'output_format_not_allowed',
  'invalid_request',
  'invalid_input_message',
]);

/** Sorts what the service says of itself; what is not known may be over with the next connection. */
export const speechSeverity = (code: string): Exclude<Severity, 'benign'> =>
  FATAL.has(code) ? 'fatal' : 'retryable';

/** What an answer to the socket's request means that is not a socket. */
export const speechHttpFault = (status: number): string => {
  switch (status) {
    case 401:
    case 403:
      return 'invalid_api_key';
    case 402:
      return 'payment_required';
    case 404:
      return 'voice_not_found';
    case 429:
      return 'too_many_concurrent_requests';
    default:
      return status >= 500 ? `http_${status}` : 'invalid_request';
  }
};

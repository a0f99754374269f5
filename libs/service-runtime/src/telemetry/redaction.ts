/** Last words of keys whose values are personal or secret; "callerName", "caller_name" and "caller-name" all end in "name". */
const PERSONAL_WORDS = new Set([
  'from',
  'to',
  'phone',
  'number',
  'numbers',
  'callback',
  'caller',
  'email',
  'emails',
  'mail',
  'recipient',
  'recipients',
  'name',
  'firstname',
  'lastname',
  'fullname',
  'text',
  'transcript',
  'utterance',
  'summary',
  'body',
  'content',
  'message_body',
  'subject_line',
  'address',
  'datetime',
  'authorization',
  'cookie',
  'token',
  'secret',
  'password',
  'passphrase',
  'credential',
  'credentials',
  'apikey',
  'key',
  'signature',
  'greeting',
  'instructions',
  'value',
  'values',
  'prompt',
  'said',
  'heard',
  'answer',
]);

/** Keys that end in such a word and are about our own machinery. */
const HARMLESS_KEYS = new Set([
  'service_name',
  'field_name',
  'event_name',
  'queue_name',
  'job_name',
  'stream_name',
  'consumer_name',
  'database_name',
  'server_address',
  'listen_address',
  'build_number',
  'attempt_number',
  'sequence_number',
  'error_name',
]);

const MAX_DEPTH = 6;
const MAX_ENTRIES = 100;
const MAX_TEXT = 4_000;

const words = (key: string): string[] =>
  key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);

const personalKeys = new Map<string, boolean>();

const isPersonal = (key: string): boolean => {
  const known = personalKeys.get(key);
  if (known !== undefined) return known;
  const parts = words(key);
  const personal =
    !HARMLESS_KEYS.has(parts.join('_')) &&
    (PERSONAL_WORDS.has(parts.at(-1) ?? '') || PERSONAL_WORDS.has(parts.join('')));
  // Keys are written in the code, so they are few; the bound holds should one ever come from outside.
  if (personalKeys.size < 5_000) personalKeys.set(key, personal);
  return personal;
};

const EMAIL = /[^\s@<>"'(),:;[\]/?&=|]+@[^\s@<>"'(),:;[\]/?&=|]+\.[^\s@<>"'(),:;[\]/?&=|]+/gu;
/**
 * Digits with the separators that people put between them, which addresses of the web may write as "%2B" and "%20";
 * what it finds is judged by `looksLikePhoneNumber`.
 */
const DIGIT_RUN = /(?:(?<![\w.])|(?<=%2[0B]))\+?\(?\d(?:[\d\s().\-/\u00a0\u2011]|%20){5,}\d(?!\w)/giu;
const CREDENTIALS_IN_URL = /(?<=:\/\/)[^/\s:@]*:[^/\s@]*(?=@)/g;
const BEARER = /\b(Bearer|Basic)\s+[\w.~+/=-]+/gi;

const ISO_DATE = /^\d{4}-\d{2}-\d{2}(\s\d{2})?$/;
const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Seven digits are a local number, fifteen the longest of E.164. */
const looksLikePhoneNumber = (run: string): boolean => {
  const digits = run.replace(/%20|\D/g, '').length;
  return digits >= 7 && digits <= 15 && !ISO_DATE.test(run) && !IPV4.test(run);
};

/** Masks what looks like a mail address, a telephone number or a credential in free text. */
export const maskText = (text: string): string =>
  (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text)
    .replace(CREDENTIALS_IN_URL, '[credentials]')
    .replace(BEARER, '$1 [secret]')
    // As addresses of the web write it. Read as a part of EMAIL itself it would take cubic time on hostile text.
    .replaceAll('%40', '@')
    .replace(EMAIL, '[email]')
    .replace(DIGIT_RUN, (run) => (looksLikePhoneNumber(run) ? '[number]' : run));

/** Prisma repeats the query's arguments, in front of the last line of its messages. */
const messageOf = (error: Error): string =>
  error.constructor.name.startsWith('Prisma')
    ? (error.message.trim().split('\n').at(-1) ?? '')
    : error.message;

const describeError = (error: Error, depth: number, seen: Set<object>): Record<string, unknown> => {
  const message = maskText(messageOf(error));
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: error.name,
    message,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(frames.length > 0 ? { stack: frames.slice(0, 12).join('\n') } : {}),
    ...(error.cause === undefined ? {} : { cause: clean(error.cause, depth + 1, seen) }),
  };
};

const entriesOf = (value: object): [string, unknown][] =>
  value instanceof Map
    ? [...value].map(([key, inner]): [string, unknown] => [String(key), inner])
    : Object.entries(value);

const clean = (value: unknown, depth: number, seen: Set<object>): unknown => {
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '[no date]' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof URL) return maskText(value.href);
  if (seen.has(value)) return '[circular]';
  if (depth >= MAX_DEPTH) return '[deep]';
  seen.add(value);
  try {
    if (value instanceof Error || Object.prototype.toString.call(value) === '[object Error]') {
      return describeError(value as Error, depth, seen);
    }
    if (Array.isArray(value) || value instanceof Set) {
      return [...value].slice(0, MAX_ENTRIES).map((inner) => clean(inner, depth + 1, seen));
    }
    return cleanEntries(entriesOf(value), depth, seen);
  } finally {
    seen.delete(value);
  }
};

const cleanEntries = (
  entries: [string, unknown][],
  depth: number,
  seen: Set<object>,
): Record<string, unknown> =>
  Object.fromEntries(
    entries.slice(0, MAX_ENTRIES).map(([key, inner]) => {
      if (inner === undefined || inner === null || typeof inner === 'boolean') return [maskText(key), inner];
      return [maskText(key), isPersonal(key) ? '[redacted]' : clean(inner, depth + 1, seen)];
    }),
  );

/** A copy that is fit for a log: personal and secret keys blanked at any depth, free text masked, size bounded. */
export const redact = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  cleanEntries(Object.entries(fields), 0, new Set([fields]));

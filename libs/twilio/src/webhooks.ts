/** The decoded form of a webhook, before anything in it is believed. */
export type WebhookForm = Readonly<Record<string, unknown>>;

/** A form that lacks what it must have; `faults` names each field, never its value. */
export interface InvalidWebhook {
  readonly kind: 'invalid';
  readonly faults: readonly string[];
}

/** An incoming call whose fields have been checked; only this goes further than the door. */
export interface IncomingCall {
  readonly kind: 'incoming_call';
  readonly callSid: string;
  readonly accountSid: string;
  /** E.164; undefined when the caller withholds it or calls from something that has no number. */
  readonly from: string | undefined;
  /** E.164: the number that was dialled. */
  readonly to: string;
}

/** Statuses of a call, in Twilio's words. Source: https://www.twilio.com/docs/voice/api/call-resource */
export const CALL_STATUSES = [
  'queued',
  'initiated',
  'ringing',
  'in-progress',
  'completed',
  'busy',
  'failed',
  'no-answer',
  'canceled',
] as const;

export type CallStatus = (typeof CALL_STATUSES)[number];

/** A status callback, or the request that follows the end of a stream (`action`), which has the same fields. */
export interface CallStatusReport {
  readonly kind: 'call_status';
  readonly callSid: string;
  readonly accountSid: string;
  readonly status: CallStatus;
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** From CallDuration, which Twilio sends in whole seconds with the final status. */
  readonly durationMs: number | undefined;
  /** What Twilio says of a stream that broke; undefined when it ended in order. */
  readonly streamError: string | undefined;
}

/** What a stream's own status callback tells. */
export interface StreamStatusReport {
  readonly kind: 'stream_status';
  readonly callSid: string;
  readonly event: 'stream-started' | 'stream-stopped' | 'stream-error';
  readonly streamError: string | undefined;
}

const SID = /^[A-Za-z0-9_-]{2,64}$/;
const E164 = /^\+[1-9]\d{4,14}$/;

/**
 * What stands in From when the caller withholds the number: a word, or that word spelt on a telephone's keys.
 * Source: https://help.twilio.com/articles/223179988
 */
const WITHHELD_NUMBERS: ReadonlySet<string> = new Set([
  '+266696687', // ANONYMOUS
  '+7378742833', // RESTRICTED
  '+2562533', // BLOCKED
  '+8566696', // UNKNOWN, as Twilio's page has it
  '+8656696', // UNKNOWN, as the keys have it
  '+86282452253', // UNAVAILABLE
]);

const text = (form: WebhookForm, field: string): string | undefined => {
  const value = form[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** The caller's number, or undefined when there is none to be had. */
export const callerNumber = (from: string | undefined): string | undefined =>
  from !== undefined && E164.test(from) && !WITHHELD_NUMBERS.has(from) ? from : undefined;

const matching = (form: WebhookForm, field: string, pattern: RegExp, faults: string[]): string => {
  const value = text(form, field);
  if (value !== undefined && pattern.test(value)) return value;
  faults.push(value === undefined ? `${field} is missing` : `${field} is malformed`);
  return '';
};

/** Checks the webhook of an incoming call. A withheld caller is no fault: the call is answered all the same. */
export const parseIncomingCall = (form: WebhookForm): IncomingCall | InvalidWebhook => {
  const faults: string[] = [];
  const callSid = matching(form, 'CallSid', SID, faults);
  const accountSid = matching(form, 'AccountSid', SID, faults);
  const to = matching(form, 'To', E164, faults);
  if (faults.length > 0) return { kind: 'invalid', faults };
  return { kind: 'incoming_call', callSid, accountSid, from: callerNumber(text(form, 'From')), to };
};

const isCallStatus = (value: string): value is CallStatus => CALL_STATUSES.some((status) => status === value);

const durationMs = (seconds: string | undefined): number | undefined =>
  seconds !== undefined && /^\d{1,7}$/.test(seconds) ? Number(seconds) * 1000 : undefined;

/** Checks a status callback, or the request to a stream's `action`. */
export const parseCallStatus = (form: WebhookForm): CallStatusReport | InvalidWebhook => {
  const faults: string[] = [];
  const callSid = matching(form, 'CallSid', SID, faults);
  const accountSid = matching(form, 'AccountSid', SID, faults);
  const status = text(form, 'CallStatus') ?? '';
  if (!isCallStatus(status)) {
    faults.push(status === '' ? 'CallStatus is missing' : 'CallStatus is not one of the statuses we know');
  }
  if (faults.length > 0 || !isCallStatus(status)) return { kind: 'invalid', faults };
  const to = text(form, 'To');
  return {
    kind: 'call_status',
    callSid,
    accountSid,
    status,
    from: callerNumber(text(form, 'From')),
    to: to !== undefined && E164.test(to) ? to : undefined,
    durationMs: durationMs(text(form, 'CallDuration')),
    streamError: text(form, 'StreamError'),
  };
};

const STREAM_EVENTS = ['stream-started', 'stream-stopped', 'stream-error'] as const;

/** Checks a stream's own status callback. */
export const parseStreamStatus = (form: WebhookForm): StreamStatusReport | InvalidWebhook => {
  const faults: string[] = [];
  const callSid = matching(form, 'CallSid', SID, faults);
  const event = STREAM_EVENTS.find((known) => known === form['StreamEvent']);
  if (event === undefined) faults.push('StreamEvent is missing or unknown');
  if (faults.length > 0 || event === undefined) return { kind: 'invalid', faults };
  return { kind: 'stream_status', callSid, event, streamError: text(form, 'StreamError') };
};

import type { FormFields } from './webhooks.js';

export type CallStatus =
  'queued' | 'ringing' | 'in-progress' | 'completed' | 'busy' | 'failed' | 'no-answer' | 'canceled';

export interface CallParties {
  readonly callSid: string;
  readonly accountSid: string;
  readonly from: string;
  readonly to: string;
  readonly callerName?: string | undefined;
  readonly stirVerstat?: string | undefined;
}

/** Where a number is, as Twilio guesses it from the digits; fictional like the numbers themselves. */
const PLACES: readonly { prefix: string; city: string; state: string; zip: string; country: string }[] = [
  { prefix: '+1514', city: 'MONTREAL', state: 'QC', zip: '', country: 'CA' },
  { prefix: '+1416', city: 'TORONTO', state: 'ON', zip: '', country: 'CA' },
  { prefix: '+1604', city: 'VANCOUVER', state: 'BC', zip: '', country: 'CA' },
  { prefix: '+1305', city: 'MIAMI', state: 'FL', zip: '33101', country: 'US' },
  { prefix: '+1', city: '', state: '', zip: '', country: 'US' },
];

/** The form fields that stand in every voice webhook of an incoming call, named as Twilio names them. */
export function callFields(parties: CallParties, status: CallStatus): FormFields {
  return {
    AccountSid: parties.accountSid,
    ApiVersion: '2010-04-01',
    CallSid: parties.callSid,
    CallStatus: status,
    Called: parties.to,
    ...place('Called', parties.to),
    Caller: parties.from,
    ...place('Caller', parties.from),
    Direction: 'inbound',
    From: parties.from,
    ...place('From', parties.from),
    To: parties.to,
    ...place('To', parties.to),
    ...(parties.callerName ? { CallerName: parties.callerName } : {}),
    ...(parties.stirVerstat ? { StirVerstat: parties.stirVerstat } : {}),
  };
}

function place(prefix: string, number: string): FormFields {
  const found = PLACES.find((candidate) => number.startsWith(candidate.prefix));
  return {
    [`${prefix}City`]: found?.city ?? '',
    [`${prefix}Country`]: found?.country ?? '',
    [`${prefix}State`]: found?.state ?? '',
    [`${prefix}Zip`]: found?.zip ?? '',
  };
}

/** RFC 2822 in UTC, as in Twilio's Timestamp fields and REST resources: `Sun, 22 Nov 2026 12:00:00 +0000`. */
export function twilioDate(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000');
}

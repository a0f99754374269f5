import { twilioDate } from './call-fields.js';
import type { StoredMessage } from './messages.js';
import type { NetworkCall } from './network-call.js';

const API_VERSION = '2010-04-01';
const EPOCH = new Date(0);

/** Resources in the shapes of Twilio's published OpenAPI description (`api.v2010.account`, `.call`, `.message`). */
export function callResource(call: NetworkCall): Record<string, unknown> {
  const { callSid, accountSid, from, to, callerName } = call.parties;
  const uri = `/${API_VERSION}/Accounts/${accountSid}/Calls/${callSid}.json`;
  const seconds =
    call.answeredAt && call.endedAt
      ? Math.ceil((call.endedAt.getTime() - call.answeredAt.getTime()) / 1000)
      : undefined;
  return {
    sid: callSid,
    date_created: twilioDate(call.createdAt),
    date_updated: twilioDate(call.endedAt ?? call.answeredAt ?? call.createdAt),
    parent_call_sid: null,
    account_sid: accountSid,
    to,
    to_formatted: formatted(to),
    from,
    from_formatted: formatted(from),
    phone_number_sid: null,
    status: call.status,
    start_time: call.answeredAt ? twilioDate(call.answeredAt) : null,
    end_time: call.endedAt ? twilioDate(call.endedAt) : null,
    duration: seconds === undefined ? null : String(seconds),
    price: null,
    price_unit: 'USD',
    direction: 'inbound',
    answered_by: null,
    api_version: API_VERSION,
    forwarded_from: null,
    group_sid: null,
    caller_name: callerName ?? null,
    queue_time: '0',
    trunk_sid: null,
    uri,
    subresource_uris: {
      recordings: uri.replace('.json', '/Recordings.json'),
      notifications: uri.replace('.json', '/Notifications.json'),
    },
  };
}

export function messageResource(message: StoredMessage): Record<string, unknown> {
  const uri = `/${API_VERSION}/Accounts/${message.accountSid}/Messages/${message.sid}.json`;
  return {
    body: message.body,
    num_segments: String(Math.max(1, Math.ceil(message.body.length / 153))),
    direction: 'outbound-api',
    from: message.from,
    to: message.to,
    date_updated: twilioDate(message.updatedAt),
    price: null,
    error_message: null,
    uri,
    account_sid: message.accountSid,
    num_media: '0',
    status: message.status,
    messaging_service_sid: message.messagingServiceSid,
    sid: message.sid,
    date_sent:
      message.status === 'queued' || message.status === 'accepted' ? null : twilioDate(message.updatedAt),
    date_created: twilioDate(message.createdAt),
    error_code: null,
    price_unit: 'USD',
    api_version: API_VERSION,
    subresource_uris: { media: uri.replace('.json', '/Media.json') },
  };
}

export function accountResource(accountSid: string): Record<string, unknown> {
  const uri = `/${API_VERSION}/Accounts/${accountSid}.json`;
  return {
    sid: accountSid,
    auth_token: '',
    date_created: twilioDate(EPOCH),
    date_updated: twilioDate(EPOCH),
    friendly_name: 'Sandbox',
    owner_account_sid: accountSid,
    status: 'active',
    type: 'Full',
    uri,
    subresource_uris: {
      calls: uri.replace('.json', '/Calls.json'),
      messages: uri.replace('.json', '/Messages.json'),
    },
  };
}

/** `+15145550142` as `(514) 555-0142`; anything else as it is. */
function formatted(number: string): string {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return parts ? `(${parts[1]}) ${parts[2]}-${parts[3]}` : number;
}

import { createHmac } from 'node:crypto';

/**
 * `X-Twilio-Signature` as Twilio documents it: base64 of HMAC-SHA1 with the auth token over the exact URL
 * followed by each form field's name and value, sorted by name. A WebSocket handshake has no fields.
 */
export function signRequest(
  authToken: string,
  url: string,
  fields: Readonly<Record<string, string>> = {},
): string {
  const signed = Object.keys(fields)
    .sort()
    .reduce((text, name) => text + name + fields[name], url);
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64');
}

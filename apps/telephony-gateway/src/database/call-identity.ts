import { createHash } from 'node:crypto';

/** What a call is named by us, from the first webhook to the CRM. */
export interface CallIdentity {
  readonly tenantId: string;
  readonly callId: string;
  readonly conversationId: string;
}

/** 32 hex digits in the shape of a UUIDv8 (RFC 9562): ids of our own making, alike in form to all our others. */
const derived = (prefix: string, ...parts: readonly string[]): string => {
  const hash = createHash('sha256').update(parts.join('|')).digest();
  hash[6] = 0x80 | (hash.readUInt8(6) & 0x0f);
  hash[8] = 0x80 | (hash.readUInt8(8) & 0x3f);
  return `${prefix}_${hash.toString('hex', 0, 16)}`;
};

/**
 * The ids of a call, derived from Twilio's CallSid. The same webhook again, another instance of this service and a
 * restarted one all come to the same ids without asking a database.
 */
export const identify = (tenantId: string, callSid: string): CallIdentity => ({
  tenantId,
  callId: derived('ca', tenantId, callSid),
  conversationId: derived('cv', tenantId, callSid),
});

/** The id of the one event of a kind that a call can have, so that saying it twice is saying it once. */
export const eventIdOf = (callId: string, event: 'answered' | 'declined' | 'ended'): string =>
  derived('ev', callId, event);

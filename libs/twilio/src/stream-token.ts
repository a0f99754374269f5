import { createHmac, timingSafeEqual } from 'node:crypto';

/** Twilio opens the stream within seconds of the TwiML; a ringing retry may take a little longer. */
export const STREAM_TOKEN_LIFETIME_MS = 3 * 60_000;

export interface StreamTokenClaims {
  readonly callSid: string;
  readonly reservationId: string;
}

/**
 * What a token is worth. `stolen` covers every token whose signature does not fit this call and reservation:
 * issued for another call, altered, or signed with another secret.
 */
export type StreamTokenVerdict =
  | { readonly kind: 'ok' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'stolen' }
  | { readonly kind: 'malformed' };

const TOKEN = /^(\d{1,15})\.([A-Za-z0-9_-]{43})$/;

const macOf = (secret: string, claims: StreamTokenClaims, expiresAtMs: number): Buffer =>
  createHmac('sha256', secret).update(`${claims.callSid}|${claims.reservationId}|${expiresAtMs}`).digest();

/**
 * A token that opens one reservation's stream for one call: `<expiry in ms>.<HMAC-SHA256, base64url>`.
 * It does not make itself single use; whoever holds the reservation accepts it once.
 */
export const signStreamToken = (
  secret: string,
  claims: StreamTokenClaims,
  expiresAtMs: number = Date.now() + STREAM_TOKEN_LIFETIME_MS,
): string => `${expiresAtMs}.${macOf(secret, claims, expiresAtMs).toString('base64url')}`;

/** Judges a token for the call and the reservation at hand, in constant time where the signature is concerned. */
export const verifyStreamToken = (
  secret: string,
  claims: StreamTokenClaims,
  token: string | undefined,
  nowMs: number = Date.now(),
): StreamTokenVerdict => {
  const parts = TOKEN.exec(token ?? '');
  if (!parts) return { kind: 'malformed' };
  const expiresAtMs = Number(parts[1]);
  const presented = Buffer.from(parts[2] ?? '', 'base64url');
  const expected = macOf(secret, claims, expiresAtMs);
  // The signature is judged first, so that an expiry which nobody signed tells the sender nothing.
  if (presented.length !== expected.length || !timingSafeEqual(presented, expected))
    return { kind: 'stolen' };
  return nowMs > expiresAtMs ? { kind: 'expired' } : { kind: 'ok' };
};

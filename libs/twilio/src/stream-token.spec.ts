import { describe, expect, it } from '@jest/globals';
import { signStreamToken, STREAM_TOKEN_LIFETIME_MS, verifyStreamToken } from './stream-token.js';

const secret = 'a secret of the stream';
const claims = { callSid: 'CA1', reservationId: 'rv_1' };
const issuedAtMs = Date.parse('2026-11-22T12:00:00Z');
const token = signStreamToken(secret, claims, issuedAtMs + STREAM_TOKEN_LIFETIME_MS);

describe('a stream token', () => {
  it('opens its own reservation for its own call until it expires', () => {
    expect(verifyStreamToken(secret, claims, token, issuedAtMs)).toEqual({ kind: 'ok' });
    expect(verifyStreamToken(secret, claims, token, issuedAtMs + STREAM_TOKEN_LIFETIME_MS)).toEqual({
      kind: 'ok',
    });
    expect(verifyStreamToken(secret, claims, token, issuedAtMs + STREAM_TOKEN_LIFETIME_MS + 1)).toEqual({
      kind: 'expired',
    });
  });

  it.each([
    ['another call', { ...claims, callSid: 'CA2' }, token],
    ['another reservation', { ...claims, reservationId: 'rv_2' }, token],
    ['a prolonged life', claims, token.replace(/^\d+/, String(issuedAtMs + 10 * STREAM_TOKEN_LIFETIME_MS))],
    ['another secret', claims, signStreamToken('another', claims, issuedAtMs + 1000)],
    ['a separator moved from one claim into the other', { callSid: 'CA1|rv', reservationId: '_1' }, token],
  ])('is stolen when it comes with %s', (_, presentedWith, presented) => {
    expect(verifyStreamToken(secret, presentedWith, presented, issuedAtMs)).toEqual({ kind: 'stolen' });
  });

  it.each([
    undefined,
    '',
    'x',
    '123',
    `${issuedAtMs}.`,
    `${token}x`,
    `-${token}`,
    `${issuedAtMs}.${'='.repeat(43)}`,
  ])('is malformed as %j', (presented) => {
    expect(verifyStreamToken(secret, claims, presented, issuedAtMs)).toEqual({ kind: 'malformed' });
  });
});

/**
 * The WebSocket protocol as far as both ends of a call speak it.
 * Source: RFC 6455, https://www.rfc-editor.org/rfc/rfc6455
 */

/** Which end of the connection we are: a client masks what it sends, a server does not. */
export type Role = 'client' | 'server';

export const Opcode = {
  continuation: 0x0,
  text: 0x1,
  binary: 0x2,
  close: 0x8,
  ping: 0x9,
  pong: 0xa,
} as const;

/** First byte of a frame: the last one of its message. */
export const FINAL = 0x80;
/** Second byte of a frame. */
export const MASKED = 0x80;
export const MASK_BYTES = 4;
/** Lengths that say that the length follows in two or in eight bytes. */
export const LENGTH_IN_2 = 126;
export const LENGTH_IN_8 = 127;
export const MAX_CONTROL_BYTES = 125;

/** Section 7.4.1. */
export const CloseCode = {
  normal: 1000,
  goingAway: 1001,
  protocolError: 1002,
  /** "No code given": never on the wire. */
  none: 1005,
  /** The connection broke without a good-bye: never on the wire. */
  abnormal: 1006,
  invalidText: 1007,
  policyViolation: 1008,
  tooBig: 1009,
} as const;

/** How a peer broke the protocol: the code that it is told. */
export type ProtocolFault =
  typeof CloseCode.protocolError | typeof CloseCode.invalidText | typeof CloseCode.tooBig;

/** Section 7.4: what a peer may give as its reason to close. */
export const mayCloseWith = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && code !== 1004 && code !== CloseCode.none && code !== CloseCode.abnormal) ||
  (code >= 3000 && code <= 4999);

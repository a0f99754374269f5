import { createHash, timingSafeEqual } from 'node:crypto';

/** SHA-256 is enough for a secret of 256 random bits: there is no list of likely ones to try. */
export const hashSecret = (secret: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(secret).digest());

/** Compares in constant time. */
export const isSecretOf = (hash: Uint8Array, secret: string): boolean => {
  const given = hashSecret(secret);
  return given.length === hash.length && timingSafeEqual(given, hash);
};

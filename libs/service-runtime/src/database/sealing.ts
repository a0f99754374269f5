import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

/** A key for one purpose, derived from a secret (HKDF-SHA256, RFC 5869). */
export const deriveKey = (secret: Uint8Array, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `tradeline/${purpose}`, 32));

/** AES-256-GCM: version (1 byte), nonce (12), tag (16), ciphertext. `aad` must be the same when it is opened. */
export const seal = (key: Uint8Array, plain: Uint8Array, aad: string): Uint8Array<ArrayBuffer> => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(aad));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  const sealed = new Uint8Array(HEADER_BYTES + body.length);
  sealed[0] = VERSION;
  sealed.set(nonce, 1);
  sealed.set(cipher.getAuthTag(), 1 + NONCE_BYTES);
  sealed.set(body, HEADER_BYTES);
  return sealed;
};

/** @throws when the key or `aad` is another one, or a byte was changed. */
export const open = (key: Uint8Array, sealed: Uint8Array, aad: string): Buffer => {
  if (sealed.length < HEADER_BYTES || sealed[0] !== VERSION)
    throw new Error('not a sealed value of a known version');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + NONCE_BYTES));
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEADER_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES)), decipher.final()]);
};
